DELETE FROM minute_totals WHERE campaign_id = $1
