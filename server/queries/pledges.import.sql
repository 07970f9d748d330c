-- $1: JSON list of pledges. $2: now. $3: import. Whoever is there already stays as they are.
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
ON CONFLICT (campaign_id, fingerprint) DO NOTHING
RETURNING id, campaign_id, fingerprint
