-- Times are integers: milliseconds since 1970-01-01T00:00:00Z.

-- What the whole database shares: one row a fact.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    number BIGINT NOT NULL DEFAULT 0,
    bytes BYTEA
) WITH (fillfactor = 50);

-- epoch: rises with every start of a server. revision: rises with every change that a running
-- server must look up. probe: written to find out whether the database takes writes.
INSERT INTO meta (name) VALUES ('epoch'), ('revision'), ('probe');

CREATE TABLE campaigns (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    -- The checked campaign file, as JSON. Text, so that it comes back as it went in.
    settings TEXT NOT NULL CHECK (settings::json IS NOT NULL),
    revision BIGINT NOT NULL DEFAULT 1,
    -- Copies of what the transaction of a pledge must decide by.
    opens_at BIGINT,
    closes_at BIGINT,
    retention_days BIGINT NOT NULL CHECK (retention_days BETWEEN 1 AND 3650),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The fact that somebody signed. Holds nothing that names a person.
--
-- No foreign key to campaigns: it would be looked up once a row. The transaction that inserts has
-- read the campaign and holds it, and nothing deletes campaigns.
CREATE TABLE pledges (
    -- Given by the writer from `pledge_ids`, in the order of signing.
    id BIGINT PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    -- Keyed hash of campaign and mailbox: who was first is decided by its uniqueness.
    fingerprint BYTEA NOT NULL CHECK (length(fingerprint) = 16),
    key_version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('counted', 'quarantined')),
    quarantine_reason TEXT,
    country TEXT NOT NULL CHECK (length(country) = 2),
    locale TEXT NOT NULL,
    public_name BOOLEAN NOT NULL,
    updates BOOLEAN NOT NULL,
    suspicious BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    receipt TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    CHECK ((state = 'quarantined') = (quarantine_reason IS NOT NULL)),
    UNIQUE (campaign_id, fingerprint)
);

CREATE SEQUENCE pledge_ids OWNED BY pledges.id;

-- The only personal data: name, address and message under one seal. Deleting a row here deletes
-- the person and keeps the count.
CREATE TABLE people (
    pledge_id BIGINT PRIMARY KEY REFERENCES pledges (id) ON DELETE CASCADE,
    sealed BYTEA NOT NULL
);

-- First answers, so that a request that is sent again gets the same one.
CREATE TABLE requests (
    key BYTEA PRIMARY KEY CHECK (length(key) = 16),
    body BYTEA NOT NULL CHECK (length(body) = 16),
    campaign_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Counters. They move in the transaction of the rows that they count. Half of each page stays
-- free, so that an update finds room beside the row and touches no index.
CREATE TABLE campaign_totals (
    campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id),
    total BIGINT NOT NULL DEFAULT 0 CHECK (total >= 0),
    seq BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
    -- The highest total that was ever shown; while the total is below it, `reason` says why.
    peak BIGINT NOT NULL DEFAULT 0 CHECK (peak >= total),
    reason TEXT
) WITH (fillfactor = 50);

CREATE TABLE country_totals (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    country TEXT NOT NULL CHECK (length(country) = 2),
    counted BIGINT NOT NULL CHECK (counted >= 0),
    PRIMARY KEY (campaign_id, country)
) WITH (fillfactor = 50);

-- Pledges counted in each minute since 1970, for the history.
CREATE TABLE minute_totals (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
    minute BIGINT NOT NULL,
    counted BIGINT NOT NULL CHECK (counted >= 0),
    PRIMARY KEY (campaign_id, minute)
) WITH (fillfactor = 50);

CREATE TABLE api_tokens (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    hash BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at BIGINT NOT NULL
);
