-- $1: pledge. $2: when it was signed.
UPDATE people SET signed_at = $2 WHERE pledge_id = $1
