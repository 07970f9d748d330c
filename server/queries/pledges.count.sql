-- $1: campaign. What is in the number, by country: rows, and counts that are only a number. The plus
-- keeps the index on fingerprints out of it: a walk through the table in its own order is many times
-- faster.
SELECT country, CAST(sum(counted) AS BIGINT)
FROM (
    SELECT country, count(*) AS counted FROM pledges
    WHERE +campaign_id = $1 AND state = 'counted'
    GROUP BY country
    UNION ALL
    SELECT country, counted FROM labelled_counts WHERE campaign_id = $1
) AS counted_things
GROUP BY country
