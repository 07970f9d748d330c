-- $1 to $6: a list each, of one length: campaigns, days, sources, seen, started, shared.
INSERT INTO visit_days (campaign_id, day, source, seen, started, shared)
SELECT * FROM unnest(
    $1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]
) AS more (campaign_id, day, source, seen, started, shared)
ORDER BY campaign_id, day, source
ON CONFLICT (campaign_id, day, source) DO UPDATE SET
    seen = visit_days.seen + excluded.seen, started = visit_days.started + excluded.started,
    shared = visit_days.shared + excluded.shared
