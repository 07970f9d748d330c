-- Locked: the next line is written after this one, or not at all.
SELECT number, bytes FROM meta WHERE name = 'audit' FOR UPDATE
