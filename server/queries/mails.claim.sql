-- $1: now. $2: when it is due again, should nobody say what became of it. $3: at most so many.
UPDATE mails
SET next_at = $2
WHERE id IN (
    SELECT id FROM mails
    WHERE state = 'waiting' AND next_at <= $1
    ORDER BY next_at
    LIMIT $3
)
RETURNING id
