-- $1: campaign. $2, $3: when and which pledge; those signed before it. $4: at most so many.
-- The latest first.
SELECT array_agg(id ORDER BY signed_at DESC, id DESC)
FROM (
    SELECT signed_at, id FROM pledges
    WHERE campaign_id = $1 AND (signed_at, id) < ($2, $3)
    ORDER BY signed_at DESC, id DESC
    LIMIT $4
) AS part
