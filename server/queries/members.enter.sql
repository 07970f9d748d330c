UPDATE members SET entered_at = $3 WHERE organization_id = $1 AND organizer_id = $2
