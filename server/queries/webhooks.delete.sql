DELETE FROM webhooks WHERE campaign_id = $1 AND id = $2
