-- $1: JSON list of ids. Those of them whose mailbox was asked by e-mail.
SELECT DISTINCT pledge_id FROM mails
WHERE pledge_id IN (SELECT value FROM json_each($1)) AND kind = 'confirm'
