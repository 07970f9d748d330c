-- $1: campaign. $2: JSON list of {day, country, more}; `more` may be less than zero.
-- Never below zero: what was signed before there were these counters may be missing in them.
UPDATE country_days SET counted = max(counted + more, 0)
FROM (
    SELECT value ->> 'day' AS moved_day, value ->> 'country' AS moved_country, value ->> 'more' AS more
    FROM jsonb_each($2)
)
WHERE campaign_id = $1 AND day = moved_day AND country = moved_country
