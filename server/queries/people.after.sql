-- $1: the last pledge that was looked at. $2: at most so many.
SELECT id, pledges.campaign_id, key_version, fingerprint, sealed
FROM people JOIN pledges ON id = pledge_id
WHERE pledge_id > $1
ORDER BY pledge_id
LIMIT $2
