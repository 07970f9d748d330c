-- $1: campaign. $2: JSON list of {minute, by}. $3: 1 to add, -1 to take. How many of minutes that
-- are there are from paper.
UPDATE minute_totals SET paper = paper + $3 * (moved.value ->> 'by')
FROM jsonb_each($2) AS moved
WHERE campaign_id = $1 AND minute = moved.value ->> 'minute'
