-- $1: campaign. $2: which. Returns it the first time.
DELETE FROM labelled_counts WHERE campaign_id = $1 AND id = $2
RETURNING id, label, country, counted, created_by, created_at
