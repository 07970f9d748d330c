-- $1: now. Whether there is work that nobody does.
SELECT EXISTS (SELECT FROM bulk_jobs WHERE state = 'running' AND leased_until <= $1)
