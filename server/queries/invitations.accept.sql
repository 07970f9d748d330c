-- $1: its hash. $2: now. Of two at once, the second changes no row.
UPDATE invitations SET accepted_at = $2
WHERE hash = $1 AND accepted_at IS NULL AND expires_at > $2
RETURNING organization_id, email, role, purpose
