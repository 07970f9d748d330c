-- $1: campaigns.
SELECT campaign_id, country, counted FROM country_totals
WHERE campaign_id = ANY($1) AND counted > 0
