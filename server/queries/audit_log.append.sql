INSERT INTO audit_log (id, at, organization_id, actor, action, subject, detail, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
