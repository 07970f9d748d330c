-- $1: campaign. $2: JSON list of spans of minutes: [first, the one after the last]. Each is a walk
-- through the primary key, and one through the few minutes with paper: no minute is sorted.
SELECT
    spans.value ->> 0,
    (
        SELECT coalesce(sum(counted), 0) FROM minute_totals
        WHERE campaign_id = $1
            AND minute >= spans.value ->> 0 AND minute < spans.value ->> 1
    ),
    (
        SELECT coalesce(sum(paper), 0) FROM minute_totals
        WHERE campaign_id = $1 AND paper > 0
            AND minute >= spans.value ->> 0 AND minute < spans.value ->> 1
    )
FROM json_each($2) AS spans
