-- $1: JSON list of campaign ids.
SELECT campaigns.id, opens_at, closes_at, total
FROM campaigns JOIN campaign_totals ON campaign_id = campaigns.id
WHERE campaigns.id IN (SELECT value FROM json_each($1))
