-- $1: campaign. $2: JSON list of {country, more}; `more` may be less than zero.
UPDATE country_totals SET counted = counted + more
FROM (
    SELECT value ->> 'country' AS moved_country, value ->> 'more' AS more
    FROM jsonb_each($2)
)
WHERE campaign_id = $1 AND country = moved_country
