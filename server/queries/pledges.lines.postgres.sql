-- $1: campaign. $2: ids. The latest first, in the form of pledges.export.postgres.sql.
SELECT string_agg(line, chr(30) ORDER BY signed_at DESC, id DESC)
FROM (
    SELECT
        signed_at,
        id,
        concat_ws(
            chr(31), id, signed_at, state, coalesce(quarantine_reason, ''), country, locale,
            public_name::int, updates::int, suspicious::int, source, receipt,
            coalesce(import_id::text, ''), key_version, encode(fingerprint, 'hex'),
            coalesce(
                encode((SELECT sealed FROM people WHERE pledge_id = pledges.id), 'hex'), ''
            )
        ) AS line
    FROM pledges
    WHERE id = ANY($2) AND campaign_id = $1
) AS part
