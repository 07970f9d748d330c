-- $1: campaign. Labelled counts are in the totals like rows. The plus: see `country_days.drift`.
INSERT INTO country_days (campaign_id, day, country, counted)
SELECT campaign_id, day, country, sum(counted)
FROM (
    SELECT campaign_id, signed_at / 86400000 AS day, country, count(*) AS counted FROM pledges
    WHERE +campaign_id = $1 AND state = 'counted'
    GROUP BY campaign_id, signed_at / 86400000, country
    UNION ALL
    SELECT campaign_id, created_at / 86400000, country, counted FROM labelled_counts
    WHERE campaign_id = $1
) AS parts
GROUP BY campaign_id, day, country
