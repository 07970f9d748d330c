UPDATE meta SET number = $1, bytes = $2 WHERE name = 'audit'
