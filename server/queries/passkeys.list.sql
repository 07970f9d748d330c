SELECT id, name, created_at, used_at, credential FROM passkeys
WHERE organizer_id = $1
ORDER BY id
