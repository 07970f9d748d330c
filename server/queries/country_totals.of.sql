-- $1: JSON list of campaigns.
SELECT campaign_id, country, counted FROM country_totals
WHERE campaign_id IN (SELECT value FROM json_each($1)) AND counted > 0
