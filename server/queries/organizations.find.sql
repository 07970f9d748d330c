SELECT id FROM organizations WHERE name = $1 ORDER BY id LIMIT 1
