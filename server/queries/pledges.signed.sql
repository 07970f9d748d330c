-- $1: JSON list of {campaign, fingerprint in hex}. Those that paper adds nothing to.
SELECT campaign_id, fingerprint
FROM jsonb_each($1) JOIN pledges
    ON campaign_id = value ->> 'campaign' AND fingerprint = unhex(value ->> 'fingerprint')
WHERE coalesce(quarantine_reason, '') NOT IN ('unconfirmed', 'honeypot', 'too_fast')
