-- $1: webhook. $2: whether its receiver took something. $3: until when to wait. $4: why it is
-- switched off, or NULL. $5: last status. $6: last error. $7: now.
UPDATE webhooks
SET failures = CASE WHEN $2::boolean THEN 0 ELSE failures + 1 END,
    failing_since = CASE WHEN $2 THEN NULL ELSE coalesce(failing_since, $7::bigint) END,
    paused_until = CASE WHEN $2 THEN NULL ELSE $3::bigint END,
    enabled = CASE WHEN $4::text IS NULL THEN enabled ELSE false END,
    disabled_reason = coalesce($4, disabled_reason),
    last_status = $5::bigint,
    last_error = $6::text,
    last_at = $7
WHERE id = $1
