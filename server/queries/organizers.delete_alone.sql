-- Who belongs nowhere any more is forgotten.
DELETE FROM organizers
WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM members WHERE organizer_id = $1)
