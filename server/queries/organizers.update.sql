UPDATE organizers
SET name = $2, time_zone = $3, locale = $4, password = coalesce($5, password)
WHERE id = $1
