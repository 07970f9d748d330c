-- $1: campaign. How many were imported, are labelled counts, and wait for a decision. Each by an
-- index: those from imports, less those among them that are not in the number.
SELECT
    CAST(
        (
            SELECT count(*) FROM pledges
            WHERE import_id IN (SELECT id FROM imports WHERE campaign_id = $1)
        ) - (
            SELECT count(*) FROM pledges
            WHERE campaign_id = $1 AND state <> 'counted' AND import_id IS NOT NULL
        ) AS BIGINT
    ),
    CAST(
        (SELECT coalesce(sum(counted), 0) FROM labelled_counts WHERE campaign_id = $1) AS BIGINT
    ),
    (
        SELECT count(*) FROM pledges
        WHERE campaign_id = $1 AND state <> 'counted'
            AND quarantine_reason IN ('honeypot', 'too_fast')
    )
