-- $1: now. $2: at most so many.
SELECT pledge_id
FROM people
JOIN pledges ON pledges.id = pledge_id
JOIN campaigns ON campaigns.id = campaign_id
WHERE coalesce(closes_at, signed_at) + retention_days * 86400000 <= $1
LIMIT $2
