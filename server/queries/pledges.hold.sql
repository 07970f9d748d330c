-- $1: campaign. $2: JSON list of ids.
SELECT
    id, quarantine_reason, country, signed_at, source, import_id IS NOT NULL,
    EXISTS (SELECT 1 FROM mails WHERE pledge_id = pledges.id AND kind = 'confirm')
FROM pledges
WHERE id IN (SELECT value FROM json_each($2)) AND +campaign_id = $1
