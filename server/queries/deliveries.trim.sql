-- $1: webhook. $2: so many may wait. The oldest go. What says that a goal was reached is kept.
DELETE FROM deliveries
WHERE id IN (
    SELECT id FROM deliveries
    WHERE webhook_id = $1 AND state = 'pending' AND event <> 'goal.reached'
    ORDER BY created_at DESC
    LIMIT 10000 OFFSET $2
)
