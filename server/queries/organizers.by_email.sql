SELECT id, email, name, password, time_zone, locale,
    (SELECT count(*) FROM passkeys WHERE organizer_id = organizers.id)
FROM organizers
WHERE email = $1
