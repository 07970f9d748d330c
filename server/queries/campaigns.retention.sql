SELECT id, closes_at, retention_days FROM campaigns
