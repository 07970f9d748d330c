-- $1: JSON list of pledges. $2: now. $3: import. Whoever is there already stays as they are;
-- but paper takes over from what waits for its mailbox.
INSERT INTO pledges (
    campaign_id, fingerprint, key_version, state, quarantine_reason, country, locale, public_name,
    updates, suspicious, source, receipt, signed_at, import_id
)
SELECT
    value ->> 'campaign', unhex(value ->> 'fingerprint'), value ->> 'key_version',
    value ->> 'state', value ->> 'quarantine_reason', value ->> 'country', value ->> 'locale',
    value ->> 'public_name', value ->> 'updates', value ->> 'suspicious', value ->> 'source',
    value ->> 'receipt', $2, $3
FROM jsonb_each($1)
WHERE true
ON CONFLICT (campaign_id, fingerprint) DO UPDATE SET
    key_version = excluded.key_version, state = excluded.state,
    quarantine_reason = excluded.quarantine_reason, country = excluded.country,
    locale = excluded.locale, public_name = excluded.public_name, updates = excluded.updates,
    suspicious = excluded.suspicious, source = excluded.source, receipt = excluded.receipt,
    signed_at = excluded.signed_at, import_id = excluded.import_id
WHERE pledges.state = 'quarantined'
    AND (
        pledges.quarantine_reason = 'unconfirmed'
        OR pledges.quarantine_reason IN ('honeypot', 'too_fast')
        AND EXISTS (SELECT 1 FROM mails WHERE mails.pledge_id = pledges.id)
    )
RETURNING id, campaign_id, fingerprint
