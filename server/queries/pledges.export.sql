-- $1: campaign. $2: the last id that was read. $3: at most so many.
-- Many rows in one answer: a field ends with the unit separator, a row with the record separator.
-- No field holds either: texts in `source` are JSON, which writes control characters otherwise.
-- The plus keeps the index on fingerprints out of it: rows are read in the order of their ids.
SELECT max(id), group_concat(line, char(30))
FROM (
    SELECT
        id,
        concat_ws(
            char(31), id, pledges.signed_at, state, ifnull(quarantine_reason, ''), country, locale,
            public_name, updates, suspicious, source, receipt, ifnull(import_id, ''), key_version,
            hex(fingerprint), hex(ifnull(sealed, ''))
        ) AS line
    FROM pledges LEFT JOIN people ON pledge_id = id
    WHERE +pledges.campaign_id = $1 AND id > $2
    ORDER BY id
    LIMIT $3
)
