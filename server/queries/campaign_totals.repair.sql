-- $1: campaign. $2: the rows. A total that falls says why until it is back where it was.
UPDATE campaign_totals
SET total = $2,
    seq = seq + 1,
    peak = CASE WHEN peak < $2 THEN $2 ELSE peak END,
    reason = CASE WHEN $2 < peak THEN 'recount' END
WHERE campaign_id = $1
