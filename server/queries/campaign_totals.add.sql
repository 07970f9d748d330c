-- $1: JSON list of {campaign, counted}.
UPDATE campaign_totals
SET total = total + counted,
    seq = seq + 1,
    peak = max(peak, total + counted),
    reason = iif(total + counted >= peak, NULL, reason)
FROM (SELECT value ->> 'campaign' AS campaign, value ->> 'counted' AS counted FROM jsonb_each($1))
WHERE campaign_id = campaign
RETURNING campaign_id, total, seq, reason
