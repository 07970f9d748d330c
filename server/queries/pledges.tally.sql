-- What is in the number, by campaign and country: rows, and counts that are only a number.
SELECT campaign_id, country, CAST(sum(counted) AS BIGINT)
FROM (
    SELECT campaign_id, country, count(*) AS counted FROM pledges WHERE state = 'counted'
    GROUP BY campaign_id, country
    UNION ALL
    SELECT campaign_id, country, counted FROM labelled_counts
) AS counted_things
GROUP BY campaign_id, country
