SELECT id, organization_id, revision, settings FROM campaigns ORDER BY id
