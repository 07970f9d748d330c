-- $1: campaign.
SELECT min(minute) FROM minute_totals WHERE campaign_id = $1
