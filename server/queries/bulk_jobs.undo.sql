-- $1: campaign. $2: job.
UPDATE bulk_jobs SET state = 'undone'
WHERE campaign_id = $1 AND id = $2 AND state = 'done' AND NOT preview
