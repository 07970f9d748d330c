-- $1: campaign. $2: webhook. $3: address. $4: events. $5: whether it is on. NULL leaves as it is.
-- What was switched on begins anew.
UPDATE webhooks
SET url = coalesce($3, url),
    events = coalesce($4, events),
    enabled = coalesce($5, enabled),
    disabled_reason = CASE WHEN $5 IS NULL THEN disabled_reason END,
    failures = CASE WHEN $5 THEN 0 ELSE failures END,
    failing_since = CASE WHEN $5 THEN NULL ELSE failing_since END,
    paused_until = CASE WHEN $5 THEN NULL ELSE paused_until END
WHERE campaign_id = $1 AND id = $2
