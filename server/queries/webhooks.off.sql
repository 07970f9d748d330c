-- $1: webhook. Nothing where it is off already.
UPDATE webhooks SET enabled = FALSE WHERE id = $1 AND enabled
