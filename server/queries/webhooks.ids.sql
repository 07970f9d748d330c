SELECT id FROM webhooks ORDER BY id
