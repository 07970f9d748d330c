-- $1: now, in seconds. Above whatever a copy that was put back remembers.
UPDATE meta SET number = CASE WHEN number < $1 THEN $1 ELSE number + 1 END
WHERE name = 'epoch'
RETURNING number
