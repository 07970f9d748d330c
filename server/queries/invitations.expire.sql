-- Accepted or not: the address is kept for as long as the link is one.
DELETE FROM invitations WHERE expires_at <= $1
