-- Who answers for a token, and which organization somebody was in last.

-- A name is taken in its own organization only.
CREATE TABLE tokens_of_organizations (
    id INTEGER PRIMARY KEY,
    organization_id INTEGER NOT NULL DEFAULT 1,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    role TEXT NOT NULL DEFAULT 'moderator',
    -- The organizer whose token it is: made by them, or by a token of theirs. Absent for those of the
    -- command line, and for those from before.
    maker INTEGER,
    made_by TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    used_at INTEGER,
    UNIQUE (organization_id, name)
) STRICT;

INSERT INTO tokens_of_organizations
    (id, organization_id, name, hash, role, created_at, expires_at, used_at)
SELECT id, organization_id, name, hash, role, created_at, expires_at, used_at FROM api_tokens;

DROP TABLE api_tokens;

ALTER TABLE tokens_of_organizations RENAME TO api_tokens;

-- When somebody came in here last; 0 for never.
ALTER TABLE members ADD COLUMN entered_at INTEGER NOT NULL DEFAULT 0;

CREATE INDEX ceremonies_due ON ceremonies (expires_at);
