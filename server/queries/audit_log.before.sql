SELECT id, at, organization_id, actor, action, subject, detail, hash FROM audit_log
WHERE organization_id = $1 AND id < $2
ORDER BY id DESC
LIMIT $3
