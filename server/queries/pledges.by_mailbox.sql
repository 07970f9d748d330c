-- $1: campaign. $2: JSON list of fingerprints in hex. Their ids, as one JSON list.
SELECT json_group_array(id) FROM pledges
WHERE campaign_id = $1 AND fingerprint IN (SELECT unhex(value) FROM json_each($2))
