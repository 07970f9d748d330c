UPDATE imports SET added = $2, duplicates = $3 WHERE id = $1
