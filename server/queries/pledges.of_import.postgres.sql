-- $1: import. Its pledges.
SELECT array_agg(id) FROM pledges WHERE import_id = $1
