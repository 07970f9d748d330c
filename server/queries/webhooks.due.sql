-- $1: now. Those that have something to send and do not wait. What is counted elsewhere is 0 here.
SELECT
    id, campaign_id, url, events, secret, earlier_secret, rotated_at, enabled, disabled_reason,
    created_at, failures, failing_since, last_status, last_error, last_at, dropped,
    0 AS pending, 0 AS failed
FROM webhooks
WHERE
    enabled
    AND (paused_until IS NULL OR paused_until <= $1)
    AND EXISTS (
        SELECT 1 FROM deliveries
        WHERE webhook_id = webhooks.id AND state = 'pending' AND next_at <= $1
    )
ORDER BY id
