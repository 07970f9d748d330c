-- Links to a new password were made by owners of one organization: they would open another as well.
DELETE FROM invitations WHERE email = $1 AND purpose = 'reset' AND accepted_at IS NULL
