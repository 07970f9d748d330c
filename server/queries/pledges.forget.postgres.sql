-- $1: ids. $2: those signed until then. Who has confirmed meanwhile stays.
DELETE FROM pledges
WHERE id = ANY($1) AND quarantine_reason = 'unconfirmed' AND signed_at <= $2
