-- $1: ids. $2: those signed until then. Who has confirmed meanwhile stays. Held in the order in which
-- batches take them.
DELETE FROM pledges
WHERE id IN (
    SELECT id FROM pledges
    WHERE id = ANY($1) AND signed_at <= $2
        AND quarantine_reason IN ('unconfirmed', 'honeypot', 'too_fast')
        AND NOT EXISTS (
            SELECT 1 FROM mails
            WHERE pledge_id = pledges.id AND kind = 'confirm' AND created_at > $2
        )
    ORDER BY campaign_id, fingerprint
    FOR UPDATE
)
