-- $1: campaign.
SELECT min(day) FROM visit_days WHERE campaign_id = $1
