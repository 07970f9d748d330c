SELECT name FROM organizations WHERE id = $1
