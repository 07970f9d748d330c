SELECT hash, agent, created_at, seen_at FROM sessions
WHERE organizer_id = $1 AND created_at > $2 AND seen_at > $3
ORDER BY seen_at DESC, created_at DESC
