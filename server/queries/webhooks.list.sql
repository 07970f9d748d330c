-- $1: campaign. $2: one of its webhooks, or NULL for all.
SELECT
    id, campaign_id, url, events, secret, earlier_secret, rotated_at, enabled, disabled_reason,
    created_at, failures, failing_since, last_status, last_error, last_at, dropped,
    (SELECT count(*) FROM deliveries WHERE webhook_id = webhooks.id AND state = 'pending')
        AS pending,
    (SELECT count(*) FROM deliveries WHERE webhook_id = webhooks.id AND state = 'failed') AS failed
FROM webhooks
WHERE campaign_id = $1 AND ($2 IS NULL OR id = $2)
ORDER BY id
