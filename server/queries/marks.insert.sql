-- $1: campaign. $2: when. $3: label. $4: at most so many a campaign.
INSERT INTO marks (campaign_id, at, label)
SELECT $1, $2, $3
WHERE (SELECT count(*) FROM marks WHERE campaign_id = $1) < $4
RETURNING id
