-- $1: now. $2: who asks. Whether there is work that nobody else does.
SELECT EXISTS (
    SELECT 1 FROM bulk_jobs WHERE state = 'running' AND (leased_until <= $1 OR worker <> $2)
)
