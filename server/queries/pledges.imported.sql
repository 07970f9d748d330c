-- $1: campaign. Those in the number that came in files.
SELECT count(*) FROM imports JOIN pledges ON import_id = imports.id
WHERE imports.campaign_id = $1 AND pledges.state = 'counted'
