-- $1: id. $2: state. $3: tries so far. $4: when it is due. $5: why it was not sent, or NULL.
UPDATE mails SET state = $2, attempts = $3, next_at = $4, last_error = $5 WHERE id = $1
