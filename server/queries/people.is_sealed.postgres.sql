-- $1: pledge. $2: its fingerprint. $3: what is sealed, NULL where the person is deleted. Whether it
-- is all as it was read.
SELECT count(*) FROM pledges LEFT JOIN people ON pledge_id = id
WHERE id = $1 AND fingerprint = $2 AND sealed IS NOT DISTINCT FROM $3::bytea
