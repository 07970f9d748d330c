-- $1: ids. $2: fingerprints. $3: editions of the key.
UPDATE pledges SET fingerprint = mailbox, key_version = edition
FROM unnest($1::bigint[], $2::bytea[], $3::integer[]) AS new (pledge, mailbox, edition)
WHERE id = pledge
