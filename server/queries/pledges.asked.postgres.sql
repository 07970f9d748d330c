-- $1: ids. Those of them whose mailbox was asked by e-mail.
SELECT DISTINCT pledge_id FROM mails
WHERE pledge_id = ANY($1) AND kind = 'confirm'
