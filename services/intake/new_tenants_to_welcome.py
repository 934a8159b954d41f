"""Read models of intake: the leases, and which new tenants have not been welcomed yet."""

from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from contracts.words import Origin
from services.chassis.act import Act
from services.chassis.caller import Recorded
from services.intake.lease import Lease

TABLES = """
CREATE TABLE IF NOT EXISTS lease (
    lease_id uuid PRIMARY KEY,
    reference text NOT NULL,
    household_id uuid NOT NULL,
    dwelling_id uuid NOT NULL,
    dwelling_reference text NOT NULL,
    start_on date NOT NULL,
    rent_cents bigint NOT NULL,
    charges_cents bigint NOT NULL,
    payment_reference text NOT NULL,
    leaseholders jsonb NOT NULL,
    imported boolean NOT NULL,
    transfer_of uuid,
    welcomed_on date,
    ended_on date,
    end_reason text,
    withdrawn boolean NOT NULL DEFAULT false
);
ALTER TABLE lease ADD COLUMN IF NOT EXISTS rent_period text;
CREATE INDEX IF NOT EXISTS lease_reference ON lease (reference);
CREATE INDEX IF NOT EXISTS lease_dwelling ON lease (dwelling_id);
"""

WRITE_TERMS = """
INSERT INTO lease (lease_id, reference, household_id, dwelling_id, dwelling_reference, start_on,
    rent_cents, charges_cents, payment_reference, leaseholders, imported, transfer_of, welcomed_on,
    rent_period)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (lease_id) DO UPDATE SET (reference, household_id, dwelling_id, dwelling_reference,
    start_on, rent_cents, charges_cents, payment_reference, leaseholders, rent_period) =
    (excluded.reference, excluded.household_id, excluded.dwelling_id, excluded.dwelling_reference,
    excluded.start_on, excluded.rent_cents, excluded.charges_cents, excluded.payment_reference,
    excluded.leaseholders, excluded.rent_period)
"""


def fold(act: Act, recorded: Recorded) -> None:
    """One row a lease, as it is now."""
    event = recorded.event
    match event:
        case Lease.Signed() | Lease.SigningCorrected():
            terms = event.terms()
            act.write(
                WRITE_TERMS,
                (
                    event.originator_id,
                    terms.reference,
                    terms.household_id,
                    terms.dwelling_id,
                    terms.dwelling_reference,
                    terms.start_on,
                    terms.rent_cents,
                    terms.charges_cents,
                    terms.payment_reference,
                    Jsonb(terms.leaseholders),
                    terms.origin is Origin.IMPORTED,
                    terms.transfer_of,
                    terms.welcomed_on,
                    terms.rent_period,
                ),
            )
        case Lease.SigningWithdrawn():
            _set(act, event, "withdrawn = true")
        case Lease.TenantWelcomed() | Lease.WelcomeCorrected():
            _set(act, event, "welcomed_on = %s", event.held_on)
        case Lease.WelcomeWithdrawn():
            _set(act, event, "welcomed_on = NULL")
        case Lease.Ended():
            _set(act, event, "ended_on = %s, end_reason = %s", event.ended_on, event.reason.value)
        case Lease.EndWithdrawn():
            _set(act, event, "ended_on = NULL, end_reason = NULL")


def _set(act: Act, event: Any, assignment: str, *values: object) -> None:
    act.write(f"UPDATE lease SET {assignment} WHERE lease_id = %s", (*values, event.originator_id))


def select_to_welcome(rows: Cursor[DictRow], today: date) -> list[DictRow]:
    """New tenants not welcomed yet: leases in force, not imported, not transfers, oldest first."""
    return rows.execute(
        "SELECT *, %s::date - start_on AS days FROM lease WHERE welcomed_on IS NULL"
        " AND NOT imported AND NOT withdrawn AND transfer_of IS NULL AND start_on <= %s"
        " AND (ended_on IS NULL OR ended_on >= %s) ORDER BY start_on, reference",
        (today, today, today),
    ).fetchall()


def select_lease(rows: Cursor[DictRow], lease_id: UUID | None) -> DictRow | None:
    return rows.execute("SELECT * FROM lease WHERE lease_id = %s", (lease_id,)).fetchone()


def select_following(rows: Cursor[DictRow], lease_id: UUID) -> DictRow | None:
    """The lease that a household was transferred to, if it was."""
    return rows.execute(
        "SELECT * FROM lease WHERE transfer_of = %s AND NOT withdrawn", (lease_id,)
    ).fetchone()


def search_leases(rows: Cursor[DictRow], text: str, limit: int | None = 50) -> list[DictRow]:
    """Leases whose number or dwelling number contains `text`, in force first, then by number."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return rows.execute(
        "SELECT * FROM lease WHERE reference ILIKE %s OR dwelling_reference ILIKE %s"
        " ORDER BY withdrawn, ended_on IS NOT NULL, reference LIMIT %s",
        (pattern, pattern, limit),
    ).fetchall()
