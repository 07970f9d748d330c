-- $2: a new password, or none. An empty name stays as it is.
UPDATE organizers SET password = coalesce($2, password), name = CASE $3 WHEN '' THEN name ELSE $3 END
WHERE id = $1
