-- $1: JSON list of {campaign, fingerprint in hex}. Those that paper adds nothing to.
SELECT campaign_id, fingerprint
FROM jsonb_each($1) JOIN pledges
    ON campaign_id = value ->> 'campaign' AND fingerprint = unhex(value ->> 'fingerprint')
WHERE quarantine_reason IS NULL
    OR quarantine_reason <> 'unconfirmed' AND NOT (
        quarantine_reason IN ('honeypot', 'too_fast')
        AND EXISTS (SELECT 1 FROM mails WHERE mails.pledge_id = pledges.id)
    )
