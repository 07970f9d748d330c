-- $1: id. $2: webhook. $3: event. $4: body. $5: now.
INSERT INTO deliveries (id, webhook_id, event, payload, next_at, created_at)
VALUES ($1, $2, $3, $4, $5, $5)
