-- $1 to $3: event, pledge and number, a list each, of one length. $4: now. $5: now in RFC 3339.
-- $6: why, or NULL. A message to each webhook that listens. What is NULL is left out.
-- A webhook that is deleted meanwhile is passed over, and does not fail the pledge.
INSERT INTO deliveries (id, webhook_id, event, payload, next_at, created_at)
SELECT
    'msg_' || replace(gen_random_uuid()::text, '-', ''), webhooks.id, told.event,
    json_strip_nulls(json_build_object(
        'type', told.event, 'timestamp', $5::text, 'data', json_build_object(
            'campaign', slug, 'pledge_id', pledges.id, 'number', told.number,
            'country', country, 'locale', locale, 'receipt', receipt, 'total', total,
            'reason', $6::text
        )
    ))::text,
    $4::bigint, $4::bigint
FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS told (event, pledge, number)
JOIN pledges ON pledges.id = told.pledge
JOIN campaigns ON campaigns.id = pledges.campaign_id
JOIN campaign_totals ON campaign_totals.campaign_id = campaigns.id
JOIN webhooks ON webhooks.campaign_id = campaigns.id
WHERE enabled AND told.event = ANY(string_to_array(events, ' '))
FOR KEY SHARE OF webhooks
