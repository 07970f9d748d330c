-- $1: JSON list of {id, state, attempts, next_at, status, error}. $2: now.
UPDATE deliveries
SET state = new.state,
    attempts = new.attempts,
    next_at = new.next_at,
    last_status = new.status,
    last_error = new.error,
    done_at = iif(new.state = 'pending', NULL, $2)
FROM (
    SELECT
        value ->> 'id' AS id, value ->> 'state' AS state, value ->> 'attempts' AS attempts,
        value ->> 'next_at' AS next_at, value ->> 'status' AS status, value ->> 'error' AS error
    FROM jsonb_each($1)
) AS new
WHERE deliveries.id = new.id
