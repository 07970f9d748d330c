SELECT id, email, role, expires_at FROM invitations
WHERE organization_id = $1 AND purpose = 'join' AND accepted_at IS NULL AND expires_at > $2
ORDER BY id
