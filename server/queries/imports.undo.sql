-- $1: campaign. $2: import. $3: now. Changes a row the first time.
UPDATE imports SET undone_at = $3
WHERE campaign_id = $1 AND id = $2 AND undone_at IS NULL
