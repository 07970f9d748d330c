-- $1 to $5: a list each, of one length. $6: now. Fewer rows than asked for: another node answered
-- one of these requests meanwhile.
INSERT INTO requests (key, body, campaign_id, number, receipt, created_at)
SELECT key, body, campaign_id, number, receipt, $6::bigint
FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::text[])
    AS new (key, body, campaign_id, number, receipt)
ORDER BY key
ON CONFLICT (key) DO NOTHING
