-- $1 to $4: id, mailbox, campaign and fingerprint, a list each, of one length. $5: now. $6: e-mails
-- since then count against the mailbox. $7: so many it gets in that time, over all campaigns.
-- $8: that time. One more than that is put off until the earliest of them no longer counts; as many
-- again at most.
-- Whoever was taken out of the number by a person gets none, nor does one whose data is deleted.
INSERT INTO mails (id, pledge_id, campaign_id, kind, mailbox, next_at, created_at)
SELECT id, pledge, campaign, kind, mailbox, due, due
FROM (
    SELECT
        asked.id, pledges.id AS pledge, pledges.campaign_id AS campaign,
        CASE pledges.state WHEN 'counted' THEN 'known' ELSE 'confirm' END AS kind, asked.mailbox,
        asked.place, asked.counted,
        CASE WHEN asked.place + asked.counted <= $7::bigint THEN $5::bigint ELSE $8::bigint + coalesce((
            SELECT min(created_at) FROM (
                SELECT created_at FROM mails AS earlier
                WHERE earlier.mailbox = asked.mailbox
                ORDER BY created_at DESC
                LIMIT $7::bigint
            ) AS latest
        ), $5::bigint) END AS due
    FROM (
        SELECT
            id, mailbox, campaign, fingerprint,
            row_number() OVER (PARTITION BY mailbox ORDER BY id) AS place,
            (
                SELECT count(*) FROM mails AS earlier
                WHERE earlier.mailbox = new.mailbox AND earlier.created_at > $6::bigint
            ) AS counted
        FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bytea[])
            AS new (id, mailbox, campaign, fingerprint)
    ) AS asked
    JOIN pledges ON pledges.campaign_id = asked.campaign AND pledges.fingerprint = asked.fingerprint
    JOIN people ON people.pledge_id = pledges.id
    WHERE pledges.state = 'counted'
        OR quarantine_reason IN ('unconfirmed', 'honeypot', 'too_fast')
) AS written
WHERE place + counted <= $7::bigint
    OR (
        place + counted <= 2 * $7::bigint
        AND NOT EXISTS (
            SELECT 1 FROM mails AS later
            WHERE later.pledge_id = written.pledge AND later.kind = written.kind
                AND later.created_at > $5::bigint
        )
    )
