-- $1: webhook. $2: why. $3: now. Nothing more goes to a receiver that is gone.
UPDATE deliveries
SET state = 'failed', last_error = $2, done_at = $3
WHERE webhook_id = $1 AND state = 'pending'
