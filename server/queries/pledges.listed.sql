-- $1: campaign. $2, $3: when and which pledge; those signed before it. $4: at most so many.
-- The latest first, as one JSON list of ids. In two parts: compared as a pair, every row of the same
-- moment would be passed over, and a file that was imported has all of its rows in one.
SELECT json_group_array(id)
FROM (
    SELECT signed_at, id FROM (
        SELECT signed_at, id FROM pledges
        WHERE campaign_id = $1 AND signed_at = $2 AND id < $3
        ORDER BY id DESC
        LIMIT $4
    )
    UNION ALL
    SELECT signed_at, id FROM (
        SELECT signed_at, id FROM pledges
        WHERE campaign_id = $1 AND signed_at < $2
        ORDER BY signed_at DESC, id DESC
        LIMIT $4
    )
    ORDER BY signed_at DESC, id DESC
    LIMIT $4
)
