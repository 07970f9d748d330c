SELECT id, settings FROM campaigns WHERE slug = $1
