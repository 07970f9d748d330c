-- $1: JSON list of ids in hex. What is needed to write them: whom to, and how their pledge stands.
SELECT
    mails.id, kind, attempts, mails.created_at, pledges.campaign_id, quarantine_reason, locale,
    key_version, fingerprint, sealed
FROM mails
JOIN pledges ON pledges.id = mails.pledge_id
JOIN people ON people.pledge_id = mails.pledge_id
WHERE mails.id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY mails.created_at, mails.id
