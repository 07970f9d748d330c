-- Of two at once, the second gets no row.
INSERT INTO organizers (email, name, password, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (email) DO NOTHING
RETURNING id
