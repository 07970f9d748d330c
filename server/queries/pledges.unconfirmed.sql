-- $1: campaign. $2: those signed until then. $3: at most so many.
SELECT id FROM pledges
WHERE campaign_id = $1 AND quarantine_reason = 'unconfirmed' AND state <> 'counted'
    AND signed_at <= $2
ORDER BY signed_at
LIMIT $3
