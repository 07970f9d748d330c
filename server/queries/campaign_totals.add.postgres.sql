-- $1: campaigns. $2: how many more in each. Locked in the order of their ids, so that two nodes
-- never wait for each other.
WITH added AS (
    SELECT totals.campaign_id, more
    FROM campaign_totals AS totals
    JOIN unnest($1::bigint[], $2::bigint[]) AS asked (campaign_id, more)
        ON asked.campaign_id = totals.campaign_id
    ORDER BY totals.campaign_id
    FOR UPDATE OF totals
)
UPDATE campaign_totals AS totals
SET total = total + more,
    seq = seq + 1,
    peak = greatest(peak, total + more),
    reason = CASE WHEN total + more >= peak THEN NULL ELSE reason END
FROM added
WHERE totals.campaign_id = added.campaign_id
RETURNING totals.campaign_id, total, seq, reason
