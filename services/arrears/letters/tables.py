"""The tables of the read models of letters."""

TABLES = """
CREATE TABLE IF NOT EXISTS letter (
    letter_id uuid PRIMARY KEY,
    lease_id uuid NOT NULL,
    message text NOT NULL,
    step text,
    plan_id uuid,
    state text NOT NULL,
    queued_on date NOT NULL,
    ended_on date,
    channel text,
    trouble text,
    reasons text[],
    batch_id uuid,
    pages integer,
    sha256 text,
    version integer NOT NULL
);
CREATE INDEX IF NOT EXISTS letter_lease ON letter (lease_id);
CREATE INDEX IF NOT EXISTS letter_day ON letter (queued_on);
CREATE INDEX IF NOT EXISTS letter_open ON letter (queued_on)
    WHERE state IN ('draft', 'waiting', 'handed-over', 'failed');
CREATE TABLE IF NOT EXISTS mail_tried (
    letter_id uuid PRIMARY KEY,
    tried_on date NOT NULL
);
CREATE TABLE IF NOT EXISTS mail_rest (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    until timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS letter_entry (
    letter_id uuid NOT NULL,
    version integer NOT NULL,
    on_day date NOT NULL,
    what text NOT NULL,
    said jsonb NOT NULL,
    actor text NOT NULL,
    fact text,
    PRIMARY KEY (letter_id, version)
);
CREATE TABLE IF NOT EXISTS letter_batch (
    batch_id uuid PRIMARY KEY,
    printed_on date NOT NULL,
    letter_ids uuid[] NOT NULL,
    pages integer NOT NULL,
    sha256 text NOT NULL
);
CREATE INDEX IF NOT EXISTS letter_batch_day ON letter_batch (printed_on);
"""
"""`letter`: where each stands, `ended_on` when it went or was stopped or taken off.
`letter_entry`: its history, one row an event. `mail_tried`, `mail_rest` are no read models:
on which day the timer last tried a letter, and until when it tries none. Emptied, it tries again.
"""
