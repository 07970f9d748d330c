-- $1: those written before then no longer count against their mailbox.
UPDATE mails SET mailbox = NULL WHERE mailbox IS NOT NULL AND created_at < $1
