UPDATE campaign_totals SET seq = seq + 1 WHERE campaign_id = $1
