-- $1: campaign. $2: webhook. What an organizer asked for does not wait.
UPDATE webhooks SET paused_until = NULL WHERE campaign_id = $1 AND id = $2
