SELECT id, name, role, maker, made_by, created_at, expires_at, used_at FROM api_tokens
WHERE organization_id = $1
ORDER BY id
