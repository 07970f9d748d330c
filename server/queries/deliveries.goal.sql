-- $1: JSON list of {campaign, goal}. $2: now. $3: now in RFC 3339. The id makes it once a goal:
-- these rows are never deleted.
INSERT INTO deliveries (id, webhook_id, event, payload, next_at, created_at)
SELECT
    'msg_goal_' || webhooks.id || '_' || passed.goal, webhooks.id, 'goal.reached',
    json_object(
        'type', 'goal.reached', 'timestamp', $3, 'data',
        json_object('campaign', slug, 'goal', passed.goal, 'total', total)
    ),
    $2, $2
FROM (
    SELECT value ->> 'campaign' AS campaign, value ->> 'goal' AS goal FROM jsonb_each($1)
) AS passed
JOIN campaigns ON campaigns.id = passed.campaign
JOIN campaign_totals ON campaign_totals.campaign_id = campaigns.id
JOIN webhooks ON webhooks.campaign_id = campaigns.id
WHERE enabled AND instr(' ' || events || ' ', ' goal.reached ') > 0
ON CONFLICT (id) DO NOTHING
