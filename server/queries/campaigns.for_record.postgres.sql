-- $1: campaign ids. Holds the campaigns as they are until the pledges are committed: a campaign
-- that is closed meanwhile is closed after them.
SELECT campaigns.id, opens_at, closes_at, total
FROM campaigns JOIN campaign_totals ON campaign_id = campaigns.id
WHERE campaigns.id = ANY($1)
ORDER BY campaigns.id
FOR SHARE OF campaigns
