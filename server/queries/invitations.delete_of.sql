-- What was sent to somebody who has just been removed opens nothing any more.
DELETE FROM invitations WHERE organization_id = $1 AND email = $2 AND accepted_at IS NULL
