SELECT CAST(coalesce(sum(counted), 0) AS BIGINT) FROM labelled_counts WHERE campaign_id = $1
