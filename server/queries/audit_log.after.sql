-- All lines, for those who check them.
SELECT id, at, organization_id, actor, action, subject, detail, hash FROM audit_log
WHERE id > $1
ORDER BY id
LIMIT $2
