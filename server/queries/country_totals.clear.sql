DELETE FROM country_totals WHERE campaign_id = $1
