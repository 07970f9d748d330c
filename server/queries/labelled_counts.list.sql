-- $1: campaign. The latest first.
SELECT id, label, country, counted, created_by, created_at FROM labelled_counts
WHERE campaign_id = $1
ORDER BY id DESC
LIMIT 1000
