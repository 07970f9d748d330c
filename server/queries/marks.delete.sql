-- $1: campaign. $2: the mark.
DELETE FROM marks WHERE campaign_id = $1 AND id = $2
