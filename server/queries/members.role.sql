SELECT role FROM members WHERE organization_id = $1 AND organizer_id = $2
