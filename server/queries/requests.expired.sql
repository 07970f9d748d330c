SELECT key FROM requests WHERE created_at < $1 LIMIT $2
