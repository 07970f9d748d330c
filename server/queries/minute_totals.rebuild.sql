INSERT INTO minute_totals (campaign_id, minute, counted, paper)
SELECT
    campaign_id, minute, CAST(sum(counted) AS BIGINT), CAST(sum(paper) AS BIGINT)
FROM (
    SELECT
        campaign_id, signed_at / 60000 AS minute, count(*) AS counted, count(import_id) AS paper
    FROM pledges
    WHERE campaign_id = $1 AND state = 'counted'
    GROUP BY campaign_id, signed_at / 60000
    UNION ALL
    SELECT campaign_id, created_at / 60000, counted, counted FROM labelled_counts
    WHERE campaign_id = $1
) AS counted_things
GROUP BY campaign_id, minute
