-- Another invitation takes the place of the one before.
DELETE FROM invitations
WHERE organization_id = $1 AND email = $2 AND purpose = $3 AND accepted_at IS NULL
