-- $1: campaign. $2: address. $3: events. $4: sealed secret. $5: now. $6: so many at most. No row:
-- there are as many.
INSERT INTO webhooks (campaign_id, url, events, secret, created_at)
SELECT $1, $2, $3, $4, $5
WHERE (SELECT count(*) FROM webhooks WHERE campaign_id = $1) < $6
RETURNING id
