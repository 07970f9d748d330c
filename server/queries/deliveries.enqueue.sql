-- $1: JSON list of {event, pledge, number}. $2: now. $3: now in RFC 3339. $4: why, or NULL.
-- A message to each webhook that listens. json_patch leaves out what is NULL.
INSERT INTO deliveries (id, webhook_id, event, payload, next_at, created_at)
SELECT
    'msg_' || lower(hex(randomblob(16))), webhooks.id, told.event,
    json_object(
        'type', told.event, 'timestamp', $3, 'data',
        json_patch('{}', json_object(
            'campaign', slug, 'pledge_id', pledges.id, 'number', told.number,
            'country', country, 'locale', locale, 'receipt', receipt, 'total', total,
            'reason', $4
        ))
    ),
    $2, $2
FROM (
    SELECT
        value ->> 'event' AS event, value ->> 'pledge' AS pledge, value ->> 'number' AS number
    FROM jsonb_each($1)
) AS told
JOIN pledges ON pledges.id = told.pledge
JOIN campaigns ON campaigns.id = pledges.campaign_id
JOIN campaign_totals ON campaign_totals.campaign_id = campaigns.id
JOIN webhooks ON webhooks.campaign_id = campaigns.id
WHERE enabled AND instr(' ' || events || ' ', ' ' || told.event || ' ') > 0
