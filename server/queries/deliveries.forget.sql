-- $1: state. $2: done before. $3: at most so many.
DELETE FROM deliveries
WHERE id IN (
    SELECT id FROM deliveries
    WHERE done_at < $2 AND state = $1 AND event <> 'goal.reached'
    LIMIT $3
)
