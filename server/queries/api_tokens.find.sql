SELECT id, name, organization_id, role, maker, expires_at, used_at FROM api_tokens WHERE hash = $1
