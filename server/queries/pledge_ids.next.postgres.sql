-- $1: how many.
SELECT nextval('pledge_ids') FROM generate_series(1, $1::bigint)
