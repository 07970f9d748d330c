-- $1 to $4: id, mailbox, campaign and fingerprint, a list each, of one length. $5: now. $6: e-mails
-- since then count against the mailbox. $7: so many it gets, over all campaigns.
-- Whoever was taken out of the number by a person gets none, nor does one whose data is deleted.
INSERT INTO mails (id, pledge_id, campaign_id, kind, mailbox, next_at, created_at)
SELECT
    asked.id, pledges.id, pledges.campaign_id,
    CASE pledges.state WHEN 'counted' THEN 'known' ELSE 'confirm' END,
    asked.mailbox, $5::bigint, $5::bigint
FROM (
    SELECT
        id, mailbox, campaign, fingerprint,
        row_number() OVER (PARTITION BY mailbox ORDER BY id) AS place
    FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[])
        AS new (id, mailbox, campaign, fingerprint)
) AS asked
JOIN pledges ON pledges.campaign_id = asked.campaign AND pledges.fingerprint = asked.fingerprint
JOIN people ON people.pledge_id = pledges.id
WHERE (
        pledges.state = 'counted'
        OR quarantine_reason IN ('unconfirmed', 'honeypot', 'too_fast')
    )
    AND asked.place + (
        SELECT count(*) FROM mails AS earlier
        WHERE earlier.mailbox = asked.mailbox AND earlier.created_at > $6
    ) <= $7
