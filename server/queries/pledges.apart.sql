-- $1: campaign. $2, $3: when and which pledge; those signed before it. $4: at most so many.
-- $5: why they are not counted. The latest first, as one JSON list of ids; in two parts, as in
-- pledges.listed.sql.
SELECT json_group_array(id)
FROM (
    SELECT signed_at, id FROM (
        SELECT signed_at, id FROM pledges
        WHERE campaign_id = $1 AND quarantine_reason = $5 AND state <> 'counted'
            AND signed_at = $2 AND id < $3
        ORDER BY id DESC
        LIMIT $4
    )
    UNION ALL
    SELECT signed_at, id FROM (
        SELECT signed_at, id FROM pledges
        WHERE campaign_id = $1 AND quarantine_reason = $5 AND state <> 'counted'
            AND signed_at < $2
        ORDER BY signed_at DESC, id DESC
        LIMIT $4
    )
    ORDER BY signed_at DESC, id DESC
    LIMIT $4
)
