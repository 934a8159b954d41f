"""Read model of intake: the dwellings, which of them nobody rents, and which cannot be let."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from services.chassis.act import Act
from services.chassis.caller import Recorded
from services.chassis.facts import EVENTS_TABLE
from services.intake.dwelling import Dwelling

TABLES = """
CREATE TABLE IF NOT EXISTS dwelling (
    dwelling_id uuid PRIMARY KEY,
    reference text NOT NULL,
    registered_on date NOT NULL,
    bedrooms integer,
    unlettable_from date,
    unlettable_reason text,
    lettable_from date
);
"""
BEFORE_THERE_WAS_IT = f"""
INSERT INTO dwelling (dwelling_id, reference, registered_on, bedrooms)
SELECT originator_id, said->>'reference', (said->>'registered_on')::date,
       (said->>'bedrooms')::integer
FROM (
    SELECT originator_id, convert_from(state, 'UTF8')::jsonb AS said FROM {EVENTS_TABLE}
    WHERE topic = '{Dwelling.Registered.TOPIC}'
) registered ON CONFLICT DO NOTHING;
"""
"""The dwellings of a company that was provisioned before there was this table; where it is filled,
nothing. It reads the log, which a fold into tables of its own does without.
"""

REGISTER = """
INSERT INTO dwelling (dwelling_id, reference, registered_on, bedrooms) VALUES (%s, %s, %s, %s)
"""
STANDING = """
SELECT d.*, l.ended_on + 1 AS left_from, n.start_on AS let_from,
       coalesce(n.lease_id, l.lease_id) AS lease_id, coalesce(n.reference, l.reference) AS lease,
       coalesce(n.start_on <= %(today)s, false) AS is_let,
       coalesce(d.unlettable_from <= %(today)s
                AND (d.lettable_from IS NULL OR d.lettable_from > %(today)s), false) AS is_suspended
FROM dwelling d
LEFT JOIN LATERAL (
    SELECT lease_id, reference, start_on FROM lease
    WHERE dwelling_id = d.dwelling_id AND NOT withdrawn
        AND (ended_on IS NULL OR ended_on >= %(today)s)
    ORDER BY start_on LIMIT 1
) n ON true
LEFT JOIN LATERAL (
    SELECT lease_id, reference, ended_on FROM lease
    WHERE dwelling_id = d.dwelling_id AND NOT withdrawn AND ended_on < %(today)s
    ORDER BY ended_on DESC LIMIT 1
) l ON true
"""
"""The lease of today or the next one (n), and the last one that is over (l)."""


def fold(act: Act, recorded: Recorded) -> None:
    """One row a dwelling, with the last time it was out of letting."""
    event = recorded.event
    match event:
        case Dwelling.Registered():
            values = (event.originator_id, event.reference, event.registered_on, event.bedrooms)
            act.write(REGISTER, values)
        case Dwelling.LettingSuspended():
            assignment = "unlettable_from = %s, unlettable_reason = %s, lettable_from = NULL"
            _set(act, event, assignment, event.unlettable_from, event.reason.value)
        case Dwelling.SuspensionWithdrawn():
            _set(act, event, "unlettable_from = NULL, unlettable_reason = NULL")
        case Dwelling.LettingResumed():
            _set(act, event, "lettable_from = %s", event.lettable_from)
        case Dwelling.ResumptionWithdrawn():
            _set(act, event, "lettable_from = NULL")


def _set(act: Act, event: Any, assignment: str, *values: object) -> None:
    act.write(
        f"UPDATE dwelling SET {assignment} WHERE dwelling_id = %s", (*values, event.originator_id)
    )


def select_vacant(rows: Cursor[DictRow], today: date) -> list[DictRow]:
    """Dwellings in the stock that nobody rents today, the longest empty first."""
    return rows.execute(
        f"SELECT * FROM ({STANDING}) s WHERE registered_on <= %(today)s AND NOT is_let"
        " ORDER BY coalesce(left_from, registered_on), reference",
        {"today": today},
    ).fetchall()


def select_dwelling(rows: Cursor[DictRow], dwelling_id: UUID, today: date) -> DictRow | None:
    return rows.execute(
        f"{STANDING} WHERE d.dwelling_id = %(id)s", {"today": today, "id": dwelling_id}
    ).fetchone()


def select_known(rows: Cursor[DictRow], dwelling_ids: Iterable[UUID]) -> dict[UUID, DictRow]:
    found = rows.execute(
        "SELECT * FROM dwelling WHERE dwelling_id = ANY(%s)", (list(dwelling_ids),)
    ).fetchall()
    return {row["dwelling_id"]: row for row in found}
