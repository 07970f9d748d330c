SELECT campaign_id, seq FROM campaign_totals
