-- $1: campaign.
SELECT minute FROM minute_totals WHERE campaign_id = $1 AND counted > paper
ORDER BY minute
LIMIT 1
