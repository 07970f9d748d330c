SELECT name FROM meta WHERE name LIKE 'key%'
