DELETE FROM api_tokens WHERE id = $1 AND organization_id = $2
