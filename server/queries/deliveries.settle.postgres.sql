-- $1 to $6: id, state, attempts, next_at, status and error, a list each, of one length. $7: now.
UPDATE deliveries
SET state = new.state,
    attempts = new.attempts,
    next_at = new.next_at,
    last_status = new.status,
    last_error = new.error,
    done_at = CASE WHEN new.state = 'pending' THEN NULL ELSE $7::bigint END
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[])
    AS new (id, state, attempts, next_at, status, error)
WHERE deliveries.id = new.id
