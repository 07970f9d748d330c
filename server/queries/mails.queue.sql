-- How many wait, and when the oldest of those was written that were tried in vain.
SELECT count(*), min(CASE WHEN attempts > 0 THEN created_at END) FROM mails WHERE state = 'waiting'
