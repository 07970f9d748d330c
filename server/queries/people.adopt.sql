-- Those whom a server of before migration 2 stored beside us do not know their campaign.
UPDATE people
SET campaign_id = pledges.campaign_id, signed_at = pledges.signed_at
FROM pledges
WHERE pledges.id = pledge_id AND people.campaign_id = 0
