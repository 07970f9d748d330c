DELETE FROM invitations
WHERE id = $1 AND organization_id = $2 AND purpose = 'join' AND accepted_at IS NULL
