-- $1: pledge. $2: now. It counts from now on, so that is when it was signed.
UPDATE pledges SET state = 'counted', quarantine_reason = NULL, signed_at = $2 WHERE id = $1
