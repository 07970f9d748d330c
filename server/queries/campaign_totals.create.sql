INSERT INTO campaign_totals (campaign_id) VALUES ($1)
