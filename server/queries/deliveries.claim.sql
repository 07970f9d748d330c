-- $1: webhook. $2: now. $3: when it is due again, should nobody say what became of it. $4: at most
-- so many.
UPDATE deliveries
SET next_at = $3
WHERE id IN (
    SELECT id FROM deliveries
    WHERE webhook_id = $1 AND state = 'pending' AND next_at <= $2
    ORDER BY next_at
    LIMIT $4
)
RETURNING id, payload, attempts
