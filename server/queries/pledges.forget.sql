-- $1: JSON list of ids. $2: those signed until then. Who has confirmed meanwhile stays.
DELETE FROM pledges
WHERE id IN (SELECT value FROM json_each($1)) AND signed_at <= $2
    AND quarantine_reason IN ('unconfirmed', 'honeypot', 'too_fast')
    AND NOT EXISTS (
        SELECT 1 FROM mails
        WHERE pledge_id = pledges.id AND kind = 'confirm' AND created_at > $2
    )
