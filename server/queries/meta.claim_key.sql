-- The first key is kept; a later one finds it.
INSERT INTO meta (name, bytes) VALUES ('key', $1)
ON CONFLICT (name) DO UPDATE SET bytes = meta.bytes
RETURNING bytes
