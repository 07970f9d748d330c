SELECT campaign_id, country, counted FROM country_totals WHERE counted > 0
