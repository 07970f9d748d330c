-- $1: the hour, counted from 1970. Changes a row for the first who comes.
UPDATE meta SET number = $1 WHERE name = 'hour' AND number < $1
