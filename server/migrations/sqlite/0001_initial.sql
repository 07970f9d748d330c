-- Times are integers: milliseconds since 1970-01-01T00:00:00Z.

-- What the whole database shares: one row a fact.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL DEFAULT 0,
    bytes BLOB
) STRICT, WITHOUT ROWID;

-- epoch: rises with every start of a server. revision: rises with every change that a running
-- server must look up. probe: written to find out whether the disk takes writes.
INSERT INTO meta (name) VALUES ('epoch'), ('revision'), ('probe');

CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    -- The checked campaign file, as JSON.
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    revision INTEGER NOT NULL DEFAULT 1,
    -- Copies of what the transaction of a pledge must decide by.
    opens_at INTEGER,
    closes_at INTEGER,
    retention_days INTEGER NOT NULL CHECK (retention_days BETWEEN 1 AND 3650),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- The fact that somebody signed. Holds nothing that names a person.
CREATE TABLE pledges (
    id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    -- Keyed hash of campaign and mailbox: who was first is decided by its uniqueness.
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 16),
    key_version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('counted', 'quarantined')),
    quarantine_reason TEXT,
    country TEXT NOT NULL CHECK (length(country) = 2),
    locale TEXT NOT NULL,
    public_name INTEGER NOT NULL CHECK (public_name IN (0, 1)),
    updates INTEGER NOT NULL CHECK (updates IN (0, 1)),
    suspicious INTEGER NOT NULL CHECK (suspicious IN (0, 1)),
    source TEXT NOT NULL,
    receipt TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    CHECK ((state = 'quarantined') = (quarantine_reason IS NOT NULL)),
    UNIQUE (campaign_id, fingerprint)
) STRICT;

-- The only personal data: name, address and message under one seal. Deleting a row here deletes
-- the person and keeps the count.
CREATE TABLE people (
    pledge_id INTEGER PRIMARY KEY REFERENCES pledges (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL
) STRICT;

-- First answers, so that a request that is sent again gets the same one.
CREATE TABLE requests (
    key BLOB PRIMARY KEY CHECK (length(key) = 16),
    body BLOB NOT NULL CHECK (length(body) = 16),
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    number INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counters. They move in the transaction of the rows that they count.
CREATE TABLE campaign_totals (
    campaign_id INTEGER PRIMARY KEY REFERENCES campaigns (id),
    total INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
    seq INTEGER NOT NULL DEFAULT 0 CHECK (seq >= 0),
    -- The highest total that was ever shown; while the total is below it, `reason` says why.
    peak INTEGER NOT NULL DEFAULT 0 CHECK (peak >= total),
    reason TEXT
) STRICT;

CREATE TABLE country_totals (
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    country TEXT NOT NULL CHECK (length(country) = 2),
    counted INTEGER NOT NULL CHECK (counted >= 0),
    PRIMARY KEY (campaign_id, country)
) STRICT, WITHOUT ROWID;

-- Pledges counted in each minute since 1970, for the history.
CREATE TABLE minute_totals (
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    minute INTEGER NOT NULL,
    counted INTEGER NOT NULL CHECK (counted >= 0),
    PRIMARY KEY (campaign_id, minute)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_tokens (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at INTEGER NOT NULL
) STRICT;
