-- $1: campaigns. $2: fingerprints. Those that paper adds nothing to.
SELECT campaign_id, fingerprint
FROM unnest($1::bigint[], $2::bytea[]) AS asked (campaign, mailbox) JOIN pledges
    ON campaign_id = campaign AND fingerprint = mailbox
WHERE quarantine_reason IS NULL
    OR quarantine_reason <> 'unconfirmed' AND NOT (
        quarantine_reason IN ('honeypot', 'too_fast')
        AND EXISTS (SELECT 1 FROM mails WHERE mails.pledge_id = pledges.id)
    )
