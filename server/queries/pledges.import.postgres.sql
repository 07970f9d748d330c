-- $1 to $13: a list each, of one length. $14: now. $15: import. Whoever is there already stays as
-- they are. Inserted in the order of what makes them unique, as batches do.
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
ON CONFLICT (campaign_id, fingerprint) DO NOTHING
RETURNING id, campaign_id, fingerprint
