-- $1: campaign. How many were imported, are labelled counts, wait for a decision, and wait for their
-- mailbox, each by an index of its own. Those from imports are found by the import: asked for those that are not in the
-- number, SQLite reads all of the campaign's rows.
SELECT
    (
        SELECT count(*) FROM pledges
        WHERE import_id IN (SELECT id FROM imports WHERE campaign_id = $1)
            AND state = 'counted'
    ),
    CAST(
        (SELECT coalesce(sum(counted), 0) FROM labelled_counts WHERE campaign_id = $1) AS BIGINT
    ),
    (
        SELECT count(*) FROM pledges
        WHERE campaign_id = $1 AND state <> 'counted'
            AND quarantine_reason IN ('honeypot', 'too_fast')
    ),
    (
        SELECT count(*) FROM pledges
        WHERE campaign_id = $1 AND state <> 'counted' AND quarantine_reason = 'unconfirmed'
    )
