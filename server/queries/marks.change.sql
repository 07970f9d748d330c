-- $1: campaign. $2: the mark. $3: when. $4: label.
UPDATE marks SET at = $3, label = $4 WHERE campaign_id = $1 AND id = $2
