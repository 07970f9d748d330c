-- $1: import. Those whose mailbox was asked before paper counted them wait for it again.
UPDATE pledges SET state = 'quarantined', quarantine_reason = 'unconfirmed', import_id = NULL
WHERE import_id = $1 AND state = 'counted'
    AND EXISTS (SELECT 1 FROM mails WHERE pledge_id = pledges.id AND kind = 'confirm')
