-- $1: campaigns. $2: fingerprints. Those that paper adds nothing to.
SELECT campaign_id, fingerprint
FROM unnest($1::bigint[], $2::bytea[]) AS asked (campaign, mailbox) JOIN pledges
    ON campaign_id = campaign AND fingerprint = mailbox
WHERE coalesce(quarantine_reason, '') NOT IN ('unconfirmed', 'honeypot', 'too_fast')
