-- Organizers: who they are, what they may, what they did; and what they watch and change.

CREATE TABLE organizations (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

INSERT INTO organizations (id, name, created_at) VALUES (1, 'Our organization', 0);

ALTER TABLE campaigns ADD COLUMN organization_id INTEGER NOT NULL DEFAULT 1;

CREATE TABLE organizers (
    id INTEGER PRIMARY KEY,
    -- In its canonical form.
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    -- A PHC string (argon2id). Absent for those who have passkeys only.
    password TEXT,
    time_zone TEXT NOT NULL DEFAULT '',
    locale TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    organizer_id INTEGER NOT NULL REFERENCES organizers (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'moderator', 'analyst')),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, organizer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
    id INTEGER PRIMARY KEY,
    organizer_id INTEGER NOT NULL REFERENCES organizers (id) ON DELETE CASCADE,
    credential_id BLOB NOT NULL UNIQUE,
    -- The credential, as JSON of the library that checks it.
    credential TEXT NOT NULL CHECK (json_valid(credential)),
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

-- Only a keyed hash of what the cookie holds.
CREATE TABLE sessions (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    organizer_id INTEGER NOT NULL REFERENCES organizers (id) ON DELETE CASCADE,
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of ON sessions (organizer_id);

CREATE TABLE invitations (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    organization_id INTEGER NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'moderator', 'analyst')),
    -- `join` makes a member; `reset` gives one who is a member another password.
    purpose TEXT NOT NULL CHECK (purpose IN ('join', 'reset')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER
) STRICT;

-- What the server must remember while somebody makes or shows a passkey, so that any node can finish
-- it. Never sent to the browser, and gone with the first use.
CREATE TABLE ceremonies (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    -- Who adds a passkey; absent for a sign-in.
    organizer_id INTEGER REFERENCES organizers (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (json_valid(state)),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A token belongs to an organization and has the rights of a role. Those from before could export.
ALTER TABLE api_tokens ADD COLUMN organization_id INTEGER NOT NULL DEFAULT 1;
ALTER TABLE api_tokens ADD COLUMN role TEXT NOT NULL DEFAULT 'moderator';
ALTER TABLE api_tokens ADD COLUMN expires_at INTEGER;
ALTER TABLE api_tokens ADD COLUMN used_at INTEGER;

-- Each line holds a keyed hash of itself and of the one before.
CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    organization_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX audit_log_of ON audit_log (organization_id, id);

-- The last line's id and hash, so that a log that was cut off at its end is noticed.
INSERT INTO meta (name) VALUES ('audit');

-- What organizers say moved the number.
CREATE TABLE marks (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    at INTEGER NOT NULL,
    label TEXT NOT NULL
) STRICT;

CREATE INDEX marks_of ON marks (campaign_id, at);

-- Pledges counted in each day (UTC, since 1970) by country and by source. They move in the
-- transaction of the rows that they count.
CREATE TABLE country_days (
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    day INTEGER NOT NULL,
    country TEXT NOT NULL,
    counted INTEGER NOT NULL CHECK (counted >= 0),
    PRIMARY KEY (campaign_id, day, country)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_days (
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    day INTEGER NOT NULL,
    -- `utm NAME`, `site HOST`, `shared`, `direct`, `labelled`, or `other` beyond a thousand a day.
    source TEXT NOT NULL,
    counted INTEGER NOT NULL CHECK (counted >= 0),
    PRIMARY KEY (campaign_id, day, source)
) STRICT, WITHOUT ROWID;

-- Views, starts and shares: numbers without any person behind them.
CREATE TABLE visit_days (
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    day INTEGER NOT NULL,
    source TEXT NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0,
    started INTEGER NOT NULL DEFAULT 0,
    shared INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, day, source)
) STRICT, WITHOUT ROWID;

-- Where a pledge came from: absent for those signed here, else the file it was imported with.
ALTER TABLE pledges ADD COLUMN import_id INTEGER;

-- Lists walk in the order of signing, through those as well whose person is deleted.
CREATE INDEX pledges_listed ON pledges (campaign_id, signed_at, id);
-- Those that are not in the number are few, and looked at often. With the state, so that they are
-- counted without reading them.
CREATE INDEX pledges_apart ON pledges (campaign_id, quarantine_reason, signed_at, id, state)
WHERE state <> 'counted';
-- With the state, so that those in the number are counted without reading them.
CREATE INDEX pledges_imported ON pledges (import_id, state) WHERE import_id IS NOT NULL;

CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    label TEXT NOT NULL,
    added INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;

CREATE INDEX imports_of ON imports (campaign_id);

-- Signatures that are only a number. In the totals like rows.
CREATE TABLE labelled_counts (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    label TEXT NOT NULL,
    country TEXT NOT NULL CHECK (length(country) = 2),
    counted INTEGER NOT NULL CHECK (counted > 0),
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX labelled_counts_of ON labelled_counts (campaign_id);

-- Pledges that are taken out of the number many at once, in the background.
CREATE TABLE bulk_jobs (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    preview INTEGER NOT NULL CHECK (preview IN (0, 1)),
    filter TEXT NOT NULL CHECK (json_valid(filter)),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'undone')),
    -- The last pledge that was looked at, and when it was signed: where to go on after a restart.
    reached_at INTEGER NOT NULL DEFAULT 9223372036854775807,
    reached INTEGER NOT NULL DEFAULT 0,
    -- The node that works on it, and until when the others leave it alone.
    worker INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER NOT NULL DEFAULT 0,
    looked_at INTEGER NOT NULL DEFAULT 0,
    out_of INTEGER NOT NULL DEFAULT 0,
    matched INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;

CREATE INDEX bulk_jobs_of ON bulk_jobs (campaign_id);

CREATE TABLE bulk_pledges (
    job_id INTEGER NOT NULL REFERENCES bulk_jobs (id),
    pledge_id INTEGER NOT NULL REFERENCES pledges (id) ON DELETE CASCADE,
    PRIMARY KEY (job_id, pledge_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX bulk_pledges_by_pledge ON bulk_pledges (pledge_id);

CREATE TABLE webhooks (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    url TEXT NOT NULL,
    -- Space between them.
    events TEXT NOT NULL,
    -- Sealed, as is the one before it, which still signs for a day.
    secret BLOB NOT NULL,
    earlier_secret BLOB,
    rotated_at INTEGER,
    enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
    disabled_reason TEXT,
    -- Tries in a row that failed, since when, and until when the next one waits.
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    paused_until INTEGER,
    last_status INTEGER,
    last_error TEXT,
    last_at INTEGER,
    -- Thrown away undelivered, because too many waited.
    dropped INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX webhooks_of ON webhooks (campaign_id);

-- The outbox: written in the transaction of what it tells.
CREATE TABLE deliveries (
    -- `webhook-id`, the same in every try.
    id TEXT PRIMARY KEY,
    webhook_id INTEGER NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    last_status INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;

CREATE INDEX deliveries_due ON deliveries (webhook_id, next_at) WHERE state = 'pending';
CREATE INDEX deliveries_waiting ON deliveries (webhook_id, created_at) WHERE state = 'pending';
CREATE INDEX deliveries_failed ON deliveries (webhook_id) WHERE state = 'failed';
CREATE INDEX deliveries_of ON deliveries (webhook_id, created_at, id);
CREATE INDEX deliveries_done ON deliveries (done_at) WHERE done_at IS NOT NULL;

-- What is there already is counted by day as well. The plus keeps the index on fingerprints out of
-- it: a walk through the table in its own order is many times faster.
INSERT INTO country_days (campaign_id, day, country, counted)
SELECT +campaign_id, signed_at / 86400000, country, count(*) FROM pledges
WHERE state = 'counted'
GROUP BY +campaign_id, signed_at / 86400000, country;

INSERT INTO source_days (campaign_id, day, source, counted)
SELECT campaign_id, day, CASE WHEN place <= 1000 THEN source ELSE 'other' END, sum(counted)
FROM (
    SELECT
        campaign_id, day, source, count(*) AS counted,
        row_number() OVER (PARTITION BY campaign_id, day ORDER BY count(*) DESC, source) AS place
    FROM (
        SELECT
            +campaign_id AS campaign_id,
            signed_at / 86400000 AS day,
            CASE
                WHEN source ->> 'utm_source' = 'share' THEN 'shared'
                WHEN source ->> 'utm_source' IS NOT NULL THEN 'utm ' || (source ->> 'utm_source')
                WHEN source ->> 'referrer' IS NOT NULL THEN 'site ' || (source ->> 'referrer')
                ELSE 'direct'
            END AS source
        FROM pledges
        WHERE state = 'counted'
    ) AS named
    GROUP BY campaign_id, day, source
) AS placed
GROUP BY campaign_id, day, CASE WHEN place <= 1000 THEN source ELSE 'other' END;
