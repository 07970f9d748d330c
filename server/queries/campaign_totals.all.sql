SELECT campaign_id, total FROM campaign_totals
