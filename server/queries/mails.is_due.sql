-- $1: now. Whether there is something to send.
SELECT count(*) FROM (SELECT 1 FROM mails WHERE state = 'waiting' AND next_at <= $1 LIMIT 1) AS due
