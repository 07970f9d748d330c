SELECT id, settings, revision FROM campaigns WHERE slug = $1
