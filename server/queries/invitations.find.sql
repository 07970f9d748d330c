-- $1: its hash. $2: now.
SELECT
    invitations.id,
    invitations.organization_id,
    organizations.name,
    invitations.email,
    invitations.role,
    invitations.purpose,
    invitations.expires_at,
    organizers.id,
    organizers.password
FROM invitations
JOIN organizations ON organizations.id = invitations.organization_id
LEFT JOIN organizers ON organizers.email = invitations.email
WHERE invitations.hash = $1 AND invitations.accepted_at IS NULL AND invitations.expires_at > $2
