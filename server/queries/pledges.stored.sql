-- $1: campaign. All of them, and those that are in no total: both from an index alone.
SELECT
    (SELECT count(*) FROM pledges WHERE campaign_id = $1),
    (SELECT count(*) FROM pledges WHERE campaign_id = $1 AND state <> 'counted')
