"""The tables of the read models of households in arrears."""

TABLES = """
CREATE TABLE IF NOT EXISTS arrears_case (
    lease_id uuid PRIMARY KEY,
    case_id uuid NOT NULL UNIQUE,
    step text,
    rule text,
    policy text,
    policy_version text,
    proposed_on date,
    proposed_cents bigint,
    overridden text,
    review_on date,
    pause_reason text,
    plan_id uuid,
    plan_state text,
    version integer NOT NULL
);
CREATE TABLE IF NOT EXISTS case_entry (
    case_id uuid NOT NULL,
    version integer NOT NULL,
    lease_id uuid NOT NULL,
    on_day date NOT NULL,
    what text NOT NULL,
    said jsonb NOT NULL,
    actor text NOT NULL,
    fact text,
    withdrawn boolean NOT NULL DEFAULT false,
    PRIMARY KEY (case_id, version)
);
CREATE INDEX IF NOT EXISTS case_entry_lease ON case_entry (lease_id);
CREATE INDEX IF NOT EXISTS case_entry_day ON case_entry (what, on_day);
CREATE TABLE IF NOT EXISTS promise (
    promise_id uuid PRIMARY KEY,
    lease_id uuid NOT NULL,
    promised_on date NOT NULL,
    promised_cents bigint NOT NULL,
    pay_by date NOT NULL,
    version integer NOT NULL
);
CREATE INDEX IF NOT EXISTS promise_lease ON promise (lease_id, version);
CREATE UNLOGGED TABLE IF NOT EXISTS look_ahead (
    lease_id uuid PRIMARY KEY,
    look_on date
);
ALTER TABLE look_ahead ADD COLUMN IF NOT EXISTS watch_on date;
CREATE INDEX IF NOT EXISTS look_ahead_day ON look_ahead (look_on);
CREATE UNLOGGED TABLE IF NOT EXISTS looked_until (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    day date NOT NULL,
    events bigint NOT NULL,
    policies integer NOT NULL
);
"""
"""`arrears_case`: what is proposed now, one row a case. `case_entry`: its history, one row an
event. `promise`: one row a promise that stands. `look_ahead` and `looked_until` are no read models:
which accounts the round looks at next, and up to which day and event it has looked. Emptied, the
next round looks at every account."""
