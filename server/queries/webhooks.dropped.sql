-- $1: webhook. $2: how many more were thrown away.
UPDATE webhooks SET dropped = dropped + $2 WHERE id = $1
