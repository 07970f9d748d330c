SELECT organizers.email, organizers.name, organizations.name, members.role
FROM members
JOIN organizers ON organizers.id = members.organizer_id
JOIN organizations ON organizations.id = members.organization_id
ORDER BY organizations.id, members.joined_at, organizers.id
