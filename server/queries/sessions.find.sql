-- $1: its hash. $2, $3: what was made or seen before is over. The role is the one of this moment.
SELECT
    sessions.organizer_id,
    organizers.email,
    sessions.organization_id,
    members.role,
    sessions.created_at,
    sessions.seen_at
FROM sessions
JOIN organizers ON organizers.id = sessions.organizer_id
JOIN members
    ON members.organization_id = sessions.organization_id
    AND members.organizer_id = sessions.organizer_id
WHERE sessions.hash = $1 AND sessions.created_at > $2 AND sessions.seen_at > $3
