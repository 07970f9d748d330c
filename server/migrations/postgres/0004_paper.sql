-- Signatures from paper come into the number when they are typed, not when they were signed. Pace,
-- last hour and what followed a mark leave them out, so each minute says how many of it they are.
ALTER TABLE minute_totals ADD COLUMN paper BIGINT NOT NULL DEFAULT 0 CHECK (paper >= 0);

UPDATE minute_totals SET paper = typed.counted
FROM (
    SELECT campaign_id, minute, sum(counted) AS counted
    FROM (
        SELECT campaign_id, signed_at / 60000 AS minute, count(*) AS counted FROM pledges
        WHERE import_id IS NOT NULL AND state = 'counted'
        GROUP BY campaign_id, signed_at / 60000
        UNION ALL
        SELECT campaign_id, created_at / 60000, counted FROM labelled_counts
    ) AS parts
    GROUP BY campaign_id, minute
) AS typed
WHERE minute_totals.campaign_id = typed.campaign_id AND minute_totals.minute = typed.minute;

-- Minutes with paper are few.
CREATE INDEX minute_totals_paper ON minute_totals (campaign_id, minute, paper) WHERE paper > 0;

-- Files were counted as `direct` until now; they have a source of their own: `paper`.
INSERT INTO source_days (campaign_id, day, source, counted)
SELECT campaign_id, signed_at / 86400000, 'paper', count(*) FROM pledges
WHERE import_id IS NOT NULL AND state = 'counted'
GROUP BY campaign_id, signed_at / 86400000;

UPDATE source_days SET counted = greatest(source_days.counted - typed.counted, 0)
FROM (SELECT campaign_id, day, counted FROM source_days WHERE source = 'paper') AS typed
WHERE source_days.source = 'direct'
    AND source_days.campaign_id = typed.campaign_id AND source_days.day = typed.day;
