-- $1: campaign ids. Holds the campaigns as they are until the pledges are committed: a campaign
-- that is closed meanwhile is closed after them. The last column is the goal of those whose
-- webhooks listen.
SELECT
    campaigns.id, opens_at, closes_at, total,
    CASE
        WHEN EXISTS (SELECT 1 FROM webhooks WHERE webhooks.campaign_id = campaigns.id AND enabled)
        THEN coalesce((settings::json -> 'goal')::text, '"none"')
    END
FROM campaigns JOIN campaign_totals ON campaign_id = campaigns.id
WHERE campaigns.id = ANY($1)
ORDER BY campaigns.id
FOR SHARE OF campaigns
