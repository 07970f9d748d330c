-- $1: campaign. Its goal, where webhooks listen. Locks nothing: whoever asks holds the totals, and
-- who changes the campaign waits for them.
SELECT
    CASE
        WHEN EXISTS (SELECT 1 FROM webhooks WHERE webhooks.campaign_id = campaigns.id AND enabled)
        THEN coalesce((settings::json -> 'goal')::text, '"none"')
    END
FROM campaigns
WHERE id = $1
