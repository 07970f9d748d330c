-- Who answers for a token, and which organization somebody was in last.

-- A name is taken in its own organization only.
ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_name_key;
ALTER TABLE api_tokens ADD UNIQUE (organization_id, name);
-- The organizer whose token it is: made by them, or by a token of theirs. Absent for those of the
-- command line, and for those from before.
ALTER TABLE api_tokens ADD COLUMN maker BIGINT;
ALTER TABLE api_tokens ADD COLUMN made_by TEXT NOT NULL DEFAULT '';

-- When somebody came in here last; 0 for never.
ALTER TABLE members ADD COLUMN entered_at BIGINT NOT NULL DEFAULT 0;

CREATE INDEX ceremonies_due ON ceremonies (expires_at);
