"""The tables of arrears' read models."""

from services.arrears.casework.tables import TABLES as CASE_TABLES
from services.arrears.letters.tables import TABLES as LETTER_TABLES

TABLES = """
CREATE TABLE IF NOT EXISTS account (
    lease_id uuid PRIMARY KEY,
    household_id uuid NOT NULL,
    reference text,
    dwelling_reference text,
    payment_reference text,
    leaseholders jsonb NOT NULL DEFAULT '[]',
    start_on date,
    ended_on date,
    closed boolean NOT NULL DEFAULT false
);
ALTER TABLE account ADD COLUMN IF NOT EXISTS rent_period text,
    ADD COLUMN IF NOT EXISTS rent_cents bigint, ADD COLUMN IF NOT EXISTS charges_cents bigint;
CREATE INDEX IF NOT EXISTS account_payment_reference ON account (payment_reference);
CREATE INDEX IF NOT EXISTS account_reference ON account (reference);
CREATE TABLE IF NOT EXISTS account_line (
    line_id uuid PRIMARY KEY,
    lease_id uuid NOT NULL,
    kind text NOT NULL,
    on_day date NOT NULL,
    month text,
    rent_cents bigint,
    charges_cents bigint,
    cents bigint NOT NULL,
    fact text
);
ALTER TABLE account_line DROP CONSTRAINT IF EXISTS account_line_kind_check;
ALTER TABLE account_line ADD COLUMN IF NOT EXISTS period_start date,
    ADD COLUMN IF NOT EXISTS period_end date, ADD COLUMN IF NOT EXISTS periods_a_year smallint;
CREATE INDEX IF NOT EXISTS account_line_lease ON account_line (lease_id);
DROP INDEX IF EXISTS account_line_due;
CREATE INDEX IF NOT EXISTS account_line_due_of_lease ON account_line (on_day, lease_id)
    WHERE kind = 'charge';
CREATE TABLE IF NOT EXISTS cancelled_month (
    lease_id uuid NOT NULL,
    month text NOT NULL,
    PRIMARY KEY (lease_id, month)
);
CREATE TABLE IF NOT EXISTS other_charge_line (
    line_id uuid PRIMARY KEY,
    lease_id uuid NOT NULL,
    kind text NOT NULL,
    what text NOT NULL,
    on_day date NOT NULL,
    reference text,
    cents bigint NOT NULL,
    fact text
);
CREATE INDEX IF NOT EXISTS other_charge_line_lease ON other_charge_line (lease_id);
CREATE TABLE IF NOT EXISTS missed_month (
    lease_id uuid NOT NULL,
    month text NOT NULL,
    due_on date NOT NULL,
    unpaid_cents bigint NOT NULL
);
ALTER TABLE missed_month DROP CONSTRAINT IF EXISTS missed_month_pkey;
ALTER TABLE missed_month ADD COLUMN IF NOT EXISTS period_start date;
CREATE UNIQUE INDEX IF NOT EXISTS missed_month_or_period
    ON missed_month (lease_id, month, period_start) NULLS NOT DISTINCT;
CREATE TABLE IF NOT EXISTS judged_due_day (
    due_on date PRIMARY KEY,
    judged_on date NOT NULL,
    missed integer NOT NULL
);
CREATE TABLE IF NOT EXISTS unmatched_payment (
    payment_id uuid PRIMARY KEY,
    amount_cents bigint NOT NULL,
    value_date date NOT NULL,
    reason text NOT NULL,
    payment_reference text,
    payer text,
    communication text,
    lease_id uuid,
    version integer NOT NULL
);
ALTER TABLE unmatched_payment ADD COLUMN IF NOT EXISTS payer_account text;
CREATE TABLE IF NOT EXISTS payer_account (
    payment_id uuid PRIMARY KEY,
    lease_id uuid NOT NULL,
    sealed text NOT NULL
);
CREATE INDEX IF NOT EXISTS unmatched_waiting ON unmatched_payment (payment_reference)
    WHERE lease_id IS NULL;
CREATE TABLE IF NOT EXISTS waiting_charge (
    charge_id uuid PRIMARY KEY,
    reference text NOT NULL,
    month text NOT NULL,
    joined boolean NOT NULL DEFAULT false
);
ALTER TABLE waiting_charge ADD COLUMN IF NOT EXISTS period_start date,
    ADD COLUMN IF NOT EXISTS rent_cents bigint, ADD COLUMN IF NOT EXISTS charges_cents bigint;
CREATE INDEX IF NOT EXISTS waiting_charge_reference ON waiting_charge (reference) WHERE NOT joined;
CREATE TABLE IF NOT EXISTS bank_statement (
    statement_id uuid PRIMARY KEY,
    account text NOT NULL,
    number text NOT NULL,
    on_day date NOT NULL,
    opening_cents bigint NOT NULL,
    closing_cents bigint NOT NULL,
    movements integer NOT NULL
);
CREATE TABLE IF NOT EXISTS outgoing_movement (
    movement_id uuid PRIMARY KEY,
    statement_id uuid NOT NULL,
    amount_cents bigint NOT NULL,
    value_date date NOT NULL
);
ALTER TABLE outgoing_movement ADD COLUMN IF NOT EXISTS payee text,
    ADD COLUMN IF NOT EXISTS communication text, ADD COLUMN IF NOT EXISTS payee_account text,
    ADD COLUMN IF NOT EXISTS lease_id uuid, ADD COLUMN IF NOT EXISTS payment_id uuid;
"""
"""`cents` of an account line: what it adds to the debt. `kind`: `charge`, `reversal`,
`credit-returned`, `credit-moved` (to another lease) and `put-apart` add to it, `payment` and
`write-off` lower it.
`cancelled_month`: charged once and never due, so that no run charges it again.
`other_charge_line`: what is owed besides rent (BR-04); its `what` is `charge` or `payment`."""
TABLES += CASE_TABLES + LETTER_TABLES
