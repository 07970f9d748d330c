-- $1: campaign. $2: those signed until then. $3: at most so many. Those that wait for their mailbox,
-- and of those that were taken for a robot's the ones whose mailbox was asked; not while a link still
-- confirms.
SELECT id FROM pledges
WHERE campaign_id = $1 AND state <> 'counted' AND signed_at <= $2
    AND quarantine_reason IN ('unconfirmed', 'honeypot', 'too_fast')
    AND (
        quarantine_reason = 'unconfirmed'
        OR EXISTS (SELECT 1 FROM mails WHERE pledge_id = pledges.id AND kind = 'confirm')
    )
    AND NOT EXISTS (
        SELECT 1 FROM mails
        WHERE pledge_id = pledges.id AND kind = 'confirm' AND created_at > $2
    )
ORDER BY signed_at
LIMIT $3
