-- $1: campaign. $2: those who signed until then. $3: at most so many.
SELECT pledge_id FROM people
WHERE campaign_id = $1 AND signed_at <= $2
ORDER BY signed_at
LIMIT $3
