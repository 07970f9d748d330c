-- $1: ids. The person goes with the pledge.
DELETE FROM pledges WHERE id = ANY($1)
