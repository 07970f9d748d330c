-- $1: campaign. $2: fingerprints. Their ids.
SELECT array_agg(id) FROM pledges WHERE campaign_id = $1 AND fingerprint = ANY($2)
