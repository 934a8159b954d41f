"""Read model of the periods of support: what is open, and what a household has had."""

from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from services.chassis.act import Act
from services.chassis.caller import Recorded
from services.followup.household_file import HouseholdFile as File

TABLES = """
CREATE TABLE IF NOT EXISTS support_period (
    period_id uuid PRIMARY KEY,
    household_id uuid NOT NULL,
    axis text NOT NULL,
    intensive boolean NOT NULL,
    agreed_on date NOT NULL,
    opened_on date NOT NULL,
    ends_on date,
    closed_on date,
    outcome text,
    agreement_withdrawn boolean NOT NULL DEFAULT false,
    withdrawn boolean NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS support_household ON support_period (household_id);
CREATE INDEX IF NOT EXISTS support_open ON support_period (ends_on) WHERE NOT withdrawn;
"""


def fold(act: Act, recorded: Recorded) -> None:
    """One row a period; a withdrawn one stays, for its lines of history to say what it was."""
    event: Any = recorded.event
    match event:
        case File.SupportOpeningWithdrawn():
            _set(act, event, withdrawn=True)
        case File.SupportOpeningCorrected():
            _set(act, event, **_terms(event))
        case File.SupportPeriodOpened():
            row = {"period_id": event.period_id, "household_id": event.originator_id}
            row |= _terms(event)
            act.write(
                f"INSERT INTO support_period ({', '.join(row)})"
                f" VALUES ({', '.join(['%s'] * len(row))})",
                tuple(row.values()),
            )
        case File.SupportClosureWithdrawn():
            _set(act, event, closed_on=None, outcome=None, agreement_withdrawn=False)
        case File.SupportPeriodClosed() | File.SupportClosureCorrected():
            closed = {"closed_on": event.closed_on, "outcome": event.outcome.value}
            _set(act, event, **closed, agreement_withdrawn=event.agreement_withdrawn)


def _terms(event: File.SupportPeriodOpened) -> dict[str, Any]:
    days = {name: getattr(event, name) for name in ("agreed_on", "opened_on", "ends_on")}
    return {"axis": event.axis.value, "intensive": event.intensive} | days


def _set(act: Act, event: Any, **values: Any) -> None:
    assignments = ", ".join(f"{name} = %s" for name in values)
    act.write(
        f"UPDATE support_period SET {assignments} WHERE period_id = %s",
        (*values.values(), event.period_id),
    )


def select_open_periods(rows: Cursor[DictRow], today: date) -> list[DictRow]:
    """Periods that are open on `today`, or that ended by themselves and wait for their outcome.

    Shape: oldest end first, those without an end last; with the household's newest lease.
    """
    return rows.execute(
        "SELECT p.*, h.reference, h.dwelling_reference, h.leaseholders FROM support_period p"
        " LEFT JOIN LATERAL (SELECT * FROM household WHERE household_id = p.household_id"
        " ORDER BY start_on DESC, lease_id LIMIT 1) h ON true"
        " WHERE NOT p.withdrawn AND (p.closed_on IS NULL OR p.closed_on > %s)"
        " ORDER BY least(p.ends_on, p.closed_on), p.opened_on, h.reference, p.period_id",
        (today,),
    ).fetchall()


def select_support(rows: Cursor[DictRow], household_id: UUID) -> list[DictRow]:
    """The periods of a household, newest first."""
    return rows.execute(
        "SELECT * FROM support_period WHERE household_id = %s AND NOT withdrawn"
        " ORDER BY opened_on DESC, period_id",
        (household_id,),
    ).fetchall()
