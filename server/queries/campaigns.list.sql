SELECT id, revision, settings FROM campaigns ORDER BY id
