-- $1: webhook. $2: whether its receiver took something. $3: until when to wait. $4: why it is
-- switched off, or NULL. $5: last status. $6: last error. $7: now.
UPDATE webhooks
SET failures = CASE WHEN $2 THEN 0 ELSE failures + 1 END,
    failing_since = CASE WHEN $2 THEN NULL ELSE coalesce(failing_since, $7) END,
    paused_until = CASE WHEN $2 THEN NULL ELSE $3 END,
    enabled = CASE WHEN $4 IS NULL THEN enabled ELSE 0 END,
    disabled_reason = coalesce($4, disabled_reason),
    last_status = $5,
    last_error = $6,
    last_at = $7
WHERE id = $1
