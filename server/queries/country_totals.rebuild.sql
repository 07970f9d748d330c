INSERT INTO country_totals (campaign_id, country, counted)
SELECT campaign_id, country, CAST(sum(counted) AS BIGINT)
FROM (
    SELECT campaign_id, country, count(*) AS counted FROM pledges
    WHERE campaign_id = $1 AND state = 'counted'
    GROUP BY campaign_id, country
    UNION ALL
    SELECT campaign_id, country, counted FROM labelled_counts WHERE campaign_id = $1
) AS counted_things
GROUP BY campaign_id, country
