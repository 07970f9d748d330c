-- $1: now. How many are due or wait for another try; what is put off to another day is not.
SELECT count(*) FROM mails WHERE state = 'waiting' AND created_at <= $1
