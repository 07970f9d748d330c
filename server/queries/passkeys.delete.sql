-- The last way in stays.
DELETE FROM passkeys
WHERE id = $1 AND organizer_id = $2 AND (
    EXISTS (SELECT 1 FROM organizers WHERE id = $2 AND password IS NOT NULL)
    OR EXISTS (SELECT 1 FROM passkeys AS other WHERE other.organizer_id = $2 AND other.id <> $1)
)
