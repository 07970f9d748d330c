SELECT total, seq, reason FROM campaign_totals WHERE campaign_id = $1
