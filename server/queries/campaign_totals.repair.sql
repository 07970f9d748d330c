-- ?1: campaign. ?2: the rows. A total that falls says why until it is back where it was.
UPDATE campaign_totals
SET total = ?2,
    seq = seq + 1,
    peak = max(peak, ?2),
    reason = iif(?2 < peak, 'recount', NULL)
WHERE campaign_id = ?1
