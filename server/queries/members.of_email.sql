-- Where they came in last is the first.
SELECT members.organization_id, members.role FROM members
JOIN organizers ON organizers.id = members.organizer_id
WHERE organizers.email = $1
ORDER BY members.entered_at DESC, members.joined_at, members.organization_id
