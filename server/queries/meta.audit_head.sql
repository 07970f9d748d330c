SELECT number, bytes FROM meta WHERE name = 'audit'
