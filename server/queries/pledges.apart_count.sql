-- $1: campaign. Those that are not in the number, by why.
SELECT quarantine_reason, count(*) FROM pledges
WHERE campaign_id = $1 AND state <> 'counted'
GROUP BY quarantine_reason
