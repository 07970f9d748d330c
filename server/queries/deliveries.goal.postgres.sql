-- $1 and $2: campaign and goal, a list each, of one length. $3: now. $4: now in RFC 3339. The id
-- makes it once a goal: these rows are never deleted.
INSERT INTO deliveries (id, webhook_id, event, payload, next_at, created_at)
SELECT
    'msg_goal_' || webhooks.id || '_' || passed.goal, webhooks.id, 'goal.reached',
    json_build_object(
        'type', 'goal.reached', 'timestamp', $4::text, 'data',
        json_build_object('campaign', slug, 'goal', passed.goal, 'total', total)
    )::text,
    $3::bigint, $3::bigint
FROM unnest($1::bigint[], $2::bigint[]) AS passed (campaign, goal)
JOIN campaigns ON campaigns.id = passed.campaign
JOIN campaign_totals ON campaign_totals.campaign_id = campaigns.id
JOIN webhooks ON webhooks.campaign_id = campaigns.id
WHERE enabled AND 'goal.reached' = ANY(string_to_array(events, ' '))
ORDER BY webhooks.id, passed.goal
FOR KEY SHARE OF webhooks
ON CONFLICT (id) DO NOTHING
