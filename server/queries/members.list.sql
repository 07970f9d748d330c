SELECT
    organizers.id,
    organizers.email,
    organizers.name,
    members.role,
    members.joined_at,
    (
        SELECT max(sessions.seen_at) FROM sessions
        WHERE sessions.organizer_id = organizers.id AND sessions.organization_id = $1
    )
FROM members
JOIN organizers ON organizers.id = members.organizer_id
WHERE members.organization_id = $1
ORDER BY members.joined_at, organizers.id
