-- By how many the days of each campaign differ from its rows: by country, and from the sources of
-- the same day. Campaigns where all is well are left out. The plus keeps the index on fingerprints
-- out of it: a walk through the table in its own order is many times faster.
SELECT campaign_id, CAST(max(drift) AS BIGINT)
FROM (
    SELECT campaign_id, sum(abs(differ)) AS drift
    FROM (
        SELECT campaign_id, day, country, sum(counted) AS differ
        FROM (
            SELECT campaign_id, day, country, counted FROM country_days
            UNION ALL
            SELECT +campaign_id, signed_at / 86400000, country, -count(*) FROM pledges
            WHERE state = 'counted'
            GROUP BY +campaign_id, signed_at / 86400000, country
            UNION ALL
            SELECT campaign_id, created_at / 86400000, country, -counted FROM labelled_counts
        ) AS by_country
        GROUP BY campaign_id, day, country
    ) AS countries
    GROUP BY campaign_id
    UNION ALL
    SELECT campaign_id, sum(abs(differ))
    FROM (
        SELECT campaign_id, day, sum(counted) AS differ
        FROM (
            SELECT campaign_id, day, counted FROM country_days
            UNION ALL
            SELECT campaign_id, day, -counted FROM source_days
        ) AS by_source
        GROUP BY campaign_id, day
    ) AS sources
    GROUP BY campaign_id
) AS both_ways
GROUP BY campaign_id
HAVING max(drift) > 0
