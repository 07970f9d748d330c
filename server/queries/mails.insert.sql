-- $1: JSON list of {id, mailbox, fingerprint in hex, campaign}. $2: now. $3: e-mails since then count
-- against the mailbox. $4: so many it gets in that time, over all campaigns. $5: that time.
-- One more than that is put off until the earliest of them no longer counts; as many again at most.
-- Whoever was taken out of the number by a person gets none, nor does one whose data is deleted.
INSERT INTO mails (id, pledge_id, campaign_id, kind, mailbox, next_at, created_at)
SELECT id, pledge, campaign, kind, mailbox, due, due
FROM (
    SELECT
        unhex(asked.id) AS id, pledges.id AS pledge, pledges.campaign_id AS campaign,
        CASE pledges.state WHEN 'counted' THEN 'known' ELSE 'confirm' END AS kind, asked.mailbox,
        asked.place, asked.counted,
        CASE WHEN asked.place + asked.counted <= $4 THEN $2 ELSE $5 + coalesce((
            SELECT min(created_at) FROM (
                SELECT created_at FROM mails AS earlier
                WHERE earlier.mailbox = asked.mailbox
                ORDER BY created_at DESC
                LIMIT $4
            )
        ), $2) END AS due
    FROM (
        SELECT
            value ->> 'id' AS id, value ->> 'campaign' AS campaign,
            unhex(value ->> 'fingerprint') AS fingerprint, unhex(value ->> 'mailbox') AS mailbox,
            row_number() OVER (PARTITION BY value ->> 'mailbox') AS place,
            (
                SELECT count(*) FROM mails AS earlier
                WHERE earlier.mailbox = unhex(value ->> 'mailbox') AND earlier.created_at > $3
            ) AS counted
        FROM jsonb_each($1)
    ) AS asked
    JOIN pledges ON pledges.campaign_id = asked.campaign AND pledges.fingerprint = asked.fingerprint
    JOIN people ON people.pledge_id = pledges.id
    WHERE pledges.state = 'counted'
        OR quarantine_reason IN ('unconfirmed', 'honeypot', 'too_fast')
) AS written
WHERE place + counted <= $4
    OR (
        place + counted <= 2 * $4
        AND NOT EXISTS (
            SELECT 1 FROM mails AS later
            WHERE later.pledge_id = written.pledge AND later.kind = written.kind
                AND later.created_at > $2
        )
    )
