-- $1: campaign. Files are `paper`. The sources of a day beyond the thousand largest are `other`, as in
-- `record`. The plus: see `country_days.drift`.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT campaign_id, day, CASE WHEN place <= 1000 THEN source ELSE 'other' END, sum(counted)
FROM (
    SELECT
        campaign_id, day, source, sum(counted) AS counted,
        row_number() OVER (
            PARTITION BY campaign_id, day ORDER BY sum(counted) DESC, source
        ) AS place
    FROM (
        SELECT
            campaign_id,
            signed_at / 86400000 AS day,
            CASE
                WHEN import_id IS NOT NULL THEN 'paper'
                WHEN pledges.source ->> 'utm_source' = 'share' THEN 'shared'
                WHEN pledges.source ->> 'utm_source' IS NOT NULL
                    THEN 'utm ' || (pledges.source ->> 'utm_source')
                WHEN pledges.source ->> 'referrer' IS NOT NULL
                    THEN 'site ' || (pledges.source ->> 'referrer')
                ELSE 'direct'
            END AS source,
            1 AS counted
        FROM pledges
        WHERE +campaign_id = $1 AND state = 'counted'
        UNION ALL
        SELECT campaign_id, created_at / 86400000, 'labelled', counted FROM labelled_counts
        WHERE campaign_id = $1
    ) AS parts
    GROUP BY campaign_id, day, source
) AS placed
GROUP BY campaign_id, day, CASE WHEN place <= 1000 THEN source ELSE 'other' END
