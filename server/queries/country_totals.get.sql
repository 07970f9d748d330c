SELECT country, counted FROM country_totals WHERE campaign_id = $1 AND counted > 0
