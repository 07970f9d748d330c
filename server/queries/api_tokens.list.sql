SELECT id, name, role, created_at, expires_at, used_at FROM api_tokens
WHERE organization_id = $1
ORDER BY id
