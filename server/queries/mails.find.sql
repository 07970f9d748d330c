-- $1: id.
SELECT campaign_id, pledge_id, created_at FROM mails WHERE id = $1
