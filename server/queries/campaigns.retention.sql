SELECT id, closes_at, retention_days, organization_id, slug FROM campaigns
