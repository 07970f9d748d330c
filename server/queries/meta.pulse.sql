SELECT name, number FROM meta WHERE name IN ('epoch', 'revision')
