-- $1: campaign. $2: the last id that was read. $3: at most so many.
-- Many rows in one answer: a field ends with the unit separator, a row with the record separator.
-- No field holds either: texts in `source` are JSON, which writes control characters otherwise.
SELECT max(id), string_agg(line, chr(30) ORDER BY id)
FROM (
    SELECT
        id,
        concat_ws(
            chr(31), id, pledges.signed_at, state, coalesce(quarantine_reason, ''), country, locale,
            public_name::int, updates::int, suspicious::int, source, receipt,
            coalesce(import_id::text, ''), key_version,
            encode(fingerprint, 'hex'), coalesce(encode(sealed, 'hex'), '')
        ) AS line
    FROM pledges LEFT JOIN people ON pledge_id = id
    WHERE pledges.campaign_id = $1 AND id > $2
    ORDER BY id
    LIMIT $3
) AS part
