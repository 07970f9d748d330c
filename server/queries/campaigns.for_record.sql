-- $1: JSON list of campaign ids. The last column is the goal of those whose webhooks listen.
SELECT
    campaigns.id, opens_at, closes_at, total,
    iif(
        EXISTS (SELECT 1 FROM webhooks WHERE webhooks.campaign_id = campaigns.id AND enabled),
        ifnull(settings -> '$.goal', '"none"'), NULL
    )
FROM campaigns JOIN campaign_totals ON campaign_id = campaigns.id
WHERE campaigns.id IN (SELECT value FROM json_each($1))
