-- E-mails to those who sign: the outbox, and what the links in them open. A row goes with the person
-- that it is to. Nothing here names anybody: the address lies under the seal of the person.
CREATE TABLE mails (
    -- Random. The link holds it together with a keyed hash of it, which only the server can make.
    id BYTEA PRIMARY KEY CHECK (length(id) = 16),
    pledge_id BIGINT NOT NULL REFERENCES people (pledge_id) ON DELETE CASCADE,
    campaign_id BIGINT NOT NULL,
    -- `confirm` asks to confirm; `known` tells that the mailbox has signed already.
    kind TEXT NOT NULL CHECK (kind IN ('confirm', 'known')),
    -- Keyed hash of the mailbox alone, so that it gets few e-mails a day over all campaigns.
    -- Forgotten after that day.
    mailbox BYTEA CHECK (length(mailbox) = 16),
    -- `dropped` where there was no more need of it when its turn came.
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    -- In our words: what a server answers may hold the address.
    last_error TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX mails_due ON mails (next_at) WHERE state = 'waiting';
CREATE INDEX mails_to ON mails (mailbox, created_at) WHERE mailbox IS NOT NULL;
CREATE INDEX mails_counted ON mails (created_at) WHERE mailbox IS NOT NULL;
CREATE INDEX mails_of ON mails (pledge_id);
