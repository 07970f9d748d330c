-- $1: campaign. $2: JSON list of ids. The latest first, in the form of pledges.export.sql.
SELECT group_concat(line, char(30))
FROM (
    SELECT
        concat_ws(
            char(31), id, signed_at, state, ifnull(quarantine_reason, ''), country, locale,
            public_name, updates, suspicious, source, receipt, ifnull(import_id, ''), key_version,
            hex(fingerprint),
            hex(ifnull((SELECT sealed FROM people WHERE pledge_id = pledges.id), ''))
        ) AS line
    FROM pledges
    WHERE id IN (SELECT value FROM json_each($2)) AND +campaign_id = $1
    ORDER BY signed_at DESC, id DESC
)
