-- $1: import. The people go with the pledges.
DELETE FROM pledges WHERE import_id = $1
