"""Read models of follow-up: households, visits, and the history of a household."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from services.chassis.act import Act
from services.chassis.caller import Recorded
from services.followup.household_file import HouseholdFile as File
from services.followup.visit import UnknownVisit

TABLES = """
CREATE TABLE IF NOT EXISTS household (
    lease_id uuid PRIMARY KEY,
    household_id uuid NOT NULL,
    reference text NOT NULL,
    dwelling_reference text NOT NULL,
    start_on date NOT NULL,
    leaseholders jsonb NOT NULL,
    ended_on date
);
CREATE INDEX IF NOT EXISTS household_id ON household (household_id);
CREATE TABLE IF NOT EXISTS visit (
    visit_id uuid PRIMARY KEY,
    household_id uuid NOT NULL,
    lease_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    state_before text,
    planned_on date,
    proposed_on date,
    done_on date,
    missed_on date,
    absence text,
    place text,
    performed_by text,
    result text,
    causes integer NOT NULL DEFAULT 0
);
UPDATE visit SET state = 'withdrawn' WHERE state = 'proposed'
    AND planned_on IS NULL AND proposed_on IS NULL;
CREATE INDEX IF NOT EXISTS visit_household ON visit (household_id);
CREATE INDEX IF NOT EXISTS visit_open ON visit (planned_on) WHERE state IN ('planned', 'proposed');
CREATE TABLE IF NOT EXISTS history (
    household_id uuid NOT NULL,
    version bigint NOT NULL,
    occurred_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    details jsonb NOT NULL,
    corrects_version bigint,
    PRIMARY KEY (household_id, version)
);
"""

MISSED_SHOWN = timedelta(days=31)
_ENVELOPE = {"originator_id", "originator_version", "originator_topic", "timestamp", "occurred_on"}
_NOT_FOR_HISTORY = _ENVELOPE | {"leaseholders", "corrects_version"}


def fold(act: Act, recorded: Recorded) -> None:
    """One row a household and lease, one a visit, one line of history an event."""
    if isinstance(recorded.event, File.Event):
        _fold_household(act, recorded.event)
        _fold_visit(act, recorded.event)
        _fold_history(act, recorded)


def _fold_household(act: Act, event: Any) -> None:
    match event:
        case File.LeaseKnown():
            act.write(
                "INSERT INTO household (lease_id, household_id, reference, dwelling_reference,"
                " start_on, leaseholders) VALUES (%s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (lease_id) DO UPDATE SET (household_id, reference,"
                " dwelling_reference, start_on, leaseholders) = (excluded.household_id,"
                " excluded.reference, excluded.dwelling_reference, excluded.start_on,"
                " excluded.leaseholders)",
                (
                    event.lease_id,
                    event.originator_id,
                    event.reference,
                    event.dwelling_reference,
                    event.start_on,
                    Jsonb(event.leaseholders),
                ),
            )
        case File.LeaseForgotten():
            act.write("DELETE FROM household WHERE lease_id = %s", (event.lease_id,))
        case File.LeaseEndKnown():
            act.write(
                "UPDATE household SET ended_on = %s WHERE lease_id = %s",
                (event.ended_on, event.lease_id),
            )
        case File.LeaseEndForgotten():
            act.write("UPDATE household SET ended_on = NULL WHERE lease_id = %s", (event.lease_id,))


def _fold_visit(act: Act, event: Any) -> None:
    match event:
        case File.VisitPlanned():
            _upsert(act, event, state="planned", planned_on=event.planned_on)
        case File.VisitPlanCorrected():
            _set(act, event, planned_on=event.planned_on)
        case File.VisitProposed():
            _upsert(act, event, state="proposed", proposed_on=event.proposed_on, causes=1)
        case File.VisitCauseAdded():
            act.write("UPDATE visit SET causes = causes + 1 WHERE visit_id = %s", (event.visit_id,))
        case File.VisitCauseDropped():
            act.write("UPDATE visit SET causes = causes - 1 WHERE visit_id = %s", (event.visit_id,))
        case File.VisitRecordWithdrawn():
            act.write(
                "UPDATE visit SET state = CASE WHEN planned_on IS NOT NULL THEN 'planned'"
                " WHEN proposed_on IS NOT NULL THEN 'proposed' ELSE 'withdrawn' END,"
                " done_on = NULL, place = NULL, performed_by = NULL, result = NULL"
                " WHERE visit_id = %s",
                (event.visit_id,),
            )
        case File.VisitRecorded() | File.VisitRecordCorrected():
            _upsert(
                act,
                event,
                state="made",
                done_on=event.done_on,
                place=event.place.value,
                performed_by=event.performed_by,
                result=event.result.value,
            )
        case File.VisitMissed():
            missed = {"missed_on": event.missed_on, "absence": event.reason.value}
            _set(act, event, state="missed", **missed)
        case File.VisitPlanWithdrawn():
            _set(act, event, state="withdrawn")
        case File.VisitWithdrawn():
            act.write(
                "UPDATE visit SET state_before = state, state = 'withdrawn' WHERE visit_id = %s",
                (event.visit_id,),
            )
        case File.VisitRestored():
            act.write(
                "UPDATE visit SET state = state_before, state_before = NULL WHERE visit_id = %s",
                (event.visit_id,),
            )


def _upsert(act: Act, event: Any, **values: Any) -> None:
    row = {
        "visit_id": event.visit_id,
        "household_id": event.originator_id,
        "lease_id": event.lease_id,
        "kind": event.kind.value,
    } | values
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    new = ", ".join(f"{name} = excluded.{name}" for name in values)
    act.write(
        f"INSERT INTO visit ({names}) VALUES ({marks}) ON CONFLICT (visit_id) DO UPDATE SET {new}",
        tuple(row.values()),
    )


def _set(act: Act, event: Any, **values: Any) -> None:
    assignments = ", ".join(f"{name} = %s" for name in values)
    act.write(
        f"UPDATE visit SET {assignments} WHERE visit_id = %s", (*values.values(), event.visit_id)
    )


def _fold_history(act: Act, recorded: Recorded) -> None:
    event = recorded.event
    if isinstance(event, File.Opened):
        return
    details = {k: v for k, v in vars(event).items() if k not in _NOT_FOR_HISTORY and v is not None}
    act.write(
        "INSERT INTO history VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.originator_id,
            event.originator_version,
            event.occurred_on,
            recorded.recorded_at,
            recorded.actor,
            type(event).TOPIC.removeprefix("followup."),
            Jsonb({k: v if isinstance(v, bool | int) else str(v) for k, v in details.items()}),
            getattr(event, "corrects_version", None),
        ),
    )


def select_week(rows: Cursor[DictRow], today: date, until: date) -> list[DictRow]:
    """Visits to make: planned up to `until`, late ones first; then those to plan (again).

    A visit that was missed is to be planned again; after a month it is only in its file.
    """
    return rows.execute(
        "SELECT v.*, h.reference, h.dwelling_reference, h.leaseholders, h.ended_on,"
        " %s::date - coalesce(v.planned_on, v.proposed_on) AS days_late"
        " FROM visit v LEFT JOIN household h ON h.lease_id = v.lease_id"
        " WHERE v.state IN ('planned', 'proposed') AND coalesce(v.planned_on, v.proposed_on) <= %s"
        " OR v.state = 'missed' AND v.missed_on > %s"
        " ORDER BY v.state <> 'planned', coalesce(v.missed_on, v.planned_on, v.proposed_on),"
        " h.reference, v.visit_id",
        (today, until, today - MISSED_SHOWN),
    ).fetchall()


def select_household(rows: Cursor[DictRow], household_id: UUID) -> list[DictRow]:
    """The leases of a household, newest first."""
    return rows.execute(
        "SELECT * FROM household WHERE household_id = %s ORDER BY start_on DESC", (household_id,)
    ).fetchall()


def select_visits(rows: Cursor[DictRow], household_id: UUID) -> list[DictRow]:
    """Newest first; `is_own`: a person planned it, and nothing else asks for it."""
    return rows.execute(
        "SELECT v.*, causes = 0 AND"
        " (SELECT kind = 'visit-planned' AND NOT details ? 'because' FROM history h"
        " WHERE h.household_id = v.household_id AND h.details->>'visit_id' = v.visit_id::text"
        " ORDER BY version LIMIT 1) AS is_own FROM visit v WHERE household_id = %s"
        " ORDER BY coalesce(done_on, planned_on, proposed_on) DESC, visit_id",
        (household_id,),
    ).fetchall()


def select_history(rows: Cursor[DictRow], household_id: UUID) -> list[DictRow]:
    """What happened, newest first; lines of one day in the order they became known.

    A line says which visit, axis of support or lease it is about, be it only its end; of a lease
    that is told `again`, that it was corrected.
    """
    return rows.execute(
        "SELECT h.household_id, h.version, h.occurred_on, h.recorded_at, h.actor, h.kind,"
        " jsonb_strip_nulls(jsonb_build_object('axis', p.axis, 'kind', v.kind, 'reference',"
        " max(h.details->>'reference') OVER (PARTITION BY h.details->>'lease_id'), 'again',"
        " h.kind = 'lease-known' AND row_number() OVER"
        " (PARTITION BY h.kind, h.details->>'lease_id' ORDER BY h.version) > 1)) || h.details"
        " AS details, h.corrects_version FROM history h"
        " LEFT JOIN support_period p ON p.period_id = (h.details->>'period_id')::uuid"
        " LEFT JOIN visit v ON v.visit_id = (h.details->>'visit_id')::uuid"
        " WHERE h.household_id = %s ORDER BY h.occurred_on DESC, h.version DESC",
        (household_id,),
    ).fetchall()


def search_households(rows: Cursor[DictRow], text: str, limit: int | None = 50) -> list[DictRow]:
    """Households by lease or dwelling number, in force first."""
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return rows.execute(
        "SELECT * FROM household WHERE reference ILIKE %s OR dwelling_reference ILIKE %s"
        " ORDER BY ended_on IS NOT NULL, reference LIMIT %s",
        (pattern, pattern, limit),
    ).fetchall()


RANDOM = 4


def refuse_anothers(act: Act, household_id: UUID, visit_id: UUID) -> None:
    """A visit has one household: the same id in another's file would overwrite its row.

    Only a random id (RFC 9562, version 4) begins a visit: the others are those that we plan.
    Refuses: UnknownVisit (404).
    """
    if visit_id.version != RANDOM or act.rows(
        "SELECT 1 FROM visit WHERE visit_id = %s AND household_id <> %s", (visit_id, household_id)
    ):
        raise UnknownVisit("Cette visite n'existe pas dans le dossier de ce ménage.")
