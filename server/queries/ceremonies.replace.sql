-- Whoever begins to add a passkey again does not go on with the one before.
DELETE FROM ceremonies WHERE organizer_id = $1
