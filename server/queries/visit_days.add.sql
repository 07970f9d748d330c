-- $1: JSON list of {campaign, day, source, seen, started, shared}.
INSERT INTO visit_days (campaign_id, day, source, seen, started, shared)
SELECT
    value ->> 'campaign', value ->> 'day', value ->> 'source', value ->> 'seen',
    value ->> 'started', value ->> 'shared'
FROM jsonb_each($1)
WHERE true
ON CONFLICT (campaign_id, day, source) DO UPDATE SET
    seen = seen + excluded.seen, started = started + excluded.started,
    shared = shared + excluded.shared
