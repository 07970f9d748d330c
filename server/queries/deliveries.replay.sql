-- $1: campaign. $2: webhook. $3: delivery. $4: now. It keeps its id, and has all its tries again.
UPDATE deliveries
SET state = 'pending', attempts = 0, next_at = $4, done_at = NULL
WHERE
    id = $3 AND webhook_id = $2
    AND EXISTS (SELECT 1 FROM webhooks WHERE id = $2 AND campaign_id = $1)
