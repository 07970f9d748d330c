UPDATE pledges SET country = $2, updates = $3, public_name = $4 WHERE id = $1
