-- $1: campaign. $2: how many counted ones come before. The sum keeps the index on fingerprints out
-- of it: rows are read in the order of their ids.
SELECT id FROM pledges
WHERE campaign_id + 0 = $1 AND state = 'counted'
ORDER BY id
LIMIT 1 OFFSET $2
