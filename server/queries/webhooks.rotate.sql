-- $1: campaign. $2: webhook. $3: sealed secret. $4: now.
UPDATE webhooks
SET earlier_secret = secret, secret = $3, rotated_at = $4
WHERE campaign_id = $1 AND id = $2
