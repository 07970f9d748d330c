-- $1: import. Its pledges, as one JSON list of ids.
SELECT json_group_array(id) FROM pledges WHERE import_id = $1
