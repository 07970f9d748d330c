-- $1: how many may be under way. The oldest sign-ins give way; who adds a passkey does not.
DELETE FROM ceremonies
WHERE hash IN (
    SELECT hash FROM ceremonies WHERE organizer_id IS NULL
    ORDER BY expires_at DESC
    LIMIT (SELECT count(*) FROM ceremonies) OFFSET $1
)
