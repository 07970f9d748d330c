SELECT count(*) FROM imports WHERE campaign_id = $1 AND id = $2
