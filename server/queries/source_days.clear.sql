DELETE FROM source_days WHERE campaign_id = $1
