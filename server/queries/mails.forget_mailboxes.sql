-- $1: those written before then no longer count against their mailbox. $2: at most so many.
UPDATE mails SET mailbox = NULL
WHERE id IN (SELECT id FROM mails WHERE mailbox IS NOT NULL AND created_at < $1 LIMIT $2)
