-- $1: campaign. $2: webhook. $3 and $4: moment and id of the last one that was read. $5: at most
-- so many. The latest first.
SELECT
    deliveries.id, event, payload, state, attempts, next_at, deliveries.last_status,
    deliveries.last_error, deliveries.created_at
FROM deliveries JOIN webhooks ON webhooks.id = webhook_id
WHERE
    campaign_id = $1 AND webhook_id = $2
    AND (deliveries.created_at, deliveries.id) < ($3, $4)
ORDER BY deliveries.created_at DESC, deliveries.id DESC
LIMIT $5
