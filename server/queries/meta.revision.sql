SELECT number FROM meta WHERE name = 'revision'
