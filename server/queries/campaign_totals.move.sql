-- $1: campaign. $2: how many more, or fewer. A total that falls says why until it is back where it
-- was.
UPDATE campaign_totals
SET total = total + $2,
    seq = seq + 1,
    peak = CASE WHEN peak < total + $2 THEN total + $2 ELSE peak END,
    reason = CASE
        WHEN total + $2 >= peak THEN NULL
        WHEN $2 < 0 THEN 'removed'
        ELSE reason
    END
WHERE campaign_id = $1
RETURNING total, seq, reason
