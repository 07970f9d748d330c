UPDATE passkeys SET credential = $2, used_at = $3 WHERE id = $1
