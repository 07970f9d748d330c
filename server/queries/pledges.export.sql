SELECT
    id, signed_at, state, quarantine_reason, country, locale, public_name, updates, suspicious,
    source, receipt, key_version, fingerprint, sealed
FROM pledges LEFT JOIN people ON pledge_id = id
WHERE campaign_id = $1
ORDER BY id
