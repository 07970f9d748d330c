-- $1: campaign. $2: webhook. $3: delivery.
SELECT
    deliveries.id, event, payload, state, attempts, next_at, deliveries.last_status,
    deliveries.last_error, deliveries.created_at
FROM deliveries JOIN webhooks ON webhooks.id = webhook_id
WHERE campaign_id = $1 AND webhook_id = $2 AND deliveries.id = $3
