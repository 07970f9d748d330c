UPDATE members SET role = $3 WHERE organization_id = $1 AND organizer_id = $2
