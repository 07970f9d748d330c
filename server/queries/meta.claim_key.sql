-- $1: which edition. $2: what names its key. The first key is kept; a later one finds it.
INSERT INTO meta (name, bytes) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET bytes = meta.bytes
RETURNING bytes
