-- What is due to be deleted must be found without looking at everybody: a person knows the campaign
-- and when they signed, and an index has both. A row that is deleted leaves the index as well.
ALTER TABLE people ADD COLUMN campaign_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN signed_at BIGINT NOT NULL DEFAULT 0;

UPDATE people
SET campaign_id = pledges.campaign_id, signed_at = pledges.signed_at
FROM pledges
WHERE pledges.id = pledge_id;

CREATE INDEX people_due ON people (campaign_id, signed_at);

-- The last hour in which one of the nodes did what is done once an hour.
INSERT INTO meta (name) VALUES ('hour');
