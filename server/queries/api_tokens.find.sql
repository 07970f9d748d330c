SELECT name FROM api_tokens WHERE hash = $1
