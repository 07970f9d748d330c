DELETE FROM country_days WHERE campaign_id = $1
