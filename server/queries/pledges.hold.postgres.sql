-- $1: campaign. $2: ids. Held in the order in which batches take them, until the commit.
SELECT
    id, quarantine_reason, country, signed_at, source, import_id IS NOT NULL,
    EXISTS (SELECT 1 FROM mails WHERE pledge_id = pledges.id AND kind = 'confirm')
FROM pledges
WHERE id = ANY($2) AND campaign_id = $1
ORDER BY fingerprint
FOR UPDATE
