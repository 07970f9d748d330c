-- $1: campaign. The latest first.
SELECT id, label, added, duplicates, created_by, created_at, undone_at FROM imports
WHERE campaign_id = $1
ORDER BY id DESC
LIMIT 1000
