-- $1 to $13: a list each, of one length. $14: now. $15: import. Whoever is there already stays as
-- they are; but paper takes over from what waits for its mailbox. Inserted in the order of what makes them unique, as batches do.
INSERT INTO pledges (
    id, campaign_id, fingerprint, key_version, state, quarantine_reason, country, locale,
    public_name, updates, suspicious, source, receipt, signed_at, import_id
)
SELECT
    id, campaign_id, fingerprint, key_version, state, quarantine_reason, country, locale,
    public_name, updates, suspicious, source, receipt, $14::bigint, $15::bigint
FROM unnest(
    $1::bigint[], $2::bigint[], $3::bytea[], $4::integer[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::boolean[], $10::boolean[], $11::boolean[], $12::text[], $13::text[]
) AS new (
    id, campaign_id, fingerprint, key_version, state, quarantine_reason, country, locale,
    public_name, updates, suspicious, source, receipt
)
ORDER BY campaign_id, fingerprint
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
