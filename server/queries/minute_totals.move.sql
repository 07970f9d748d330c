-- $1: campaign. $2: JSON list of {minute, more}; `more` may be less than zero.
UPDATE minute_totals SET counted = counted + more
FROM (
    SELECT value ->> 'minute' AS moved_minute, value ->> 'more' AS more
    FROM jsonb_each($2)
)
WHERE campaign_id = $1 AND minute = moved_minute
