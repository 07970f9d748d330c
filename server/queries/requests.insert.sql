-- $1: JSON list of {key, body, campaign, number, receipt}. $2: now.
INSERT INTO requests (key, body, campaign_id, number, receipt, created_at)
SELECT
    unhex(value ->> 'key'), unhex(value ->> 'body'), value ->> 'campaign', value ->> 'number',
    value ->> 'receipt', $2
FROM jsonb_each($1)
