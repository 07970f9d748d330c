-- $1: JSON list of {id, mailbox, fingerprint in hex, campaign}. $2: now. $3: e-mails since then count
-- against the mailbox. $4: so many it gets, over all campaigns.
-- Whoever was taken out of the number by a person gets none, nor does one whose data is deleted.
INSERT INTO mails (id, pledge_id, campaign_id, kind, mailbox, next_at, created_at)
SELECT
    unhex(asked.id), pledges.id, pledges.campaign_id,
    CASE pledges.state WHEN 'counted' THEN 'known' ELSE 'confirm' END,
    asked.mailbox, $2, $2
FROM (
    SELECT
        value ->> 'id' AS id, value ->> 'campaign' AS campaign,
        unhex(value ->> 'fingerprint') AS fingerprint, unhex(value ->> 'mailbox') AS mailbox,
        row_number() OVER (PARTITION BY value ->> 'mailbox') AS place
    FROM jsonb_each($1)
) AS asked
JOIN pledges ON pledges.campaign_id = asked.campaign AND pledges.fingerprint = asked.fingerprint
JOIN people ON people.pledge_id = pledges.id
WHERE (
        pledges.state = 'counted'
        OR quarantine_reason IN ('unconfirmed', 'honeypot', 'too_fast')
    )
    AND asked.place + (
        SELECT count(*) FROM mails AS earlier
        WHERE earlier.mailbox = asked.mailbox AND earlier.created_at > $3
    ) <= $4
