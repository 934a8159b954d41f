"""Read models of letters: where each stands, its history, and the batches printed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from services.arrears.letters.letter import OPEN, Letter, LetterBatch, LetterState
from services.chassis.act import Act
from services.chassis.caller import Recorded

QUEUE = """
INSERT INTO letter (letter_id, lease_id, message, step, plan_id, state, queued_on, version)
VALUES (%s, %s, %s, %s, %s, %s, %s, 1)
"""
ADD_ENTRY = """
INSERT INTO letter_entry (letter_id, version, on_day, what, said, actor, fact) {values}
"""
ADD_BATCH = "INSERT INTO letter_batch VALUES (%s, %s, %s, %s, %s)"
UNSAID = {"originator_id", "originator_version", "originator_topic", "timestamp", "occurred_on"}
UNSAID |= {"lease_id", "household_id", "message"}


def fold(act: Act, recorded: Recorded) -> None:
    """One row a letter, one an event of it, one a batch."""
    event = recorded.event
    match event:
        case Letter.Queued():
            about = (event.lease_id, event.message, event.step, event.plan_id)
            act.write(QUEUE, (event.originator_id, *about, event.state, event.queued_on))
        case LetterBatch.Printed():
            of = (event.printed_on, event.letter_ids, event.pages, event.sha256)
            act.write(ADD_BATCH, (event.originator_id, *of))
        case _ if columns := columns_of(event):
            _set(act, event, columns)
    if event.TOPIC in ENTRIES:
        _add_entry(act, event, recorded)


ENTRIES = {
    kind.TOPIC: kind.__name__
    for kind in (
        Letter.Queued,
        Letter.Released,
        Letter.Made,
        Letter.Sent,
        Letter.Failed,
        Letter.Returned,
        Letter.Stopped,
        Letter.Cancelled,
    )
}


def columns_of(event: Any) -> dict[str, Any]:
    """What an event of a letter changes of its row; nothing of one that is queued."""
    match event:
        case Letter.Released():
            return {"state": LetterState.WAITING}
        case Letter.Made():
            return {"state": LetterState.HANDED_OVER, "channel": event.channel.value}
        case Letter.Sent():
            return {
                "state": LetterState.SENT,
                "ended_on": event.sent_on,
                "channel": event.channel.value,
                "trouble": None,
                "batch_id": event.batch_id,
                "pages": event.pages,
                "sha256": event.sha256,
            }
        case Letter.Failed():
            failed = {"channel": event.channel.value, "trouble": event.trouble.value}
            return {"state": LetterState.FAILED, **failed}
        case Letter.Returned():
            came_back = {"trouble": event.reason.value, "ended_on": None}
            return {"state": LetterState.FAILED, **came_back}
        case Letter.Stopped():
            ended = {"ended_on": event.stopped_on, "reasons": event.reasons}
            return {"state": LetterState.STOPPED, **ended}
        case Letter.Cancelled():
            return {"state": LetterState.CANCELLED, "ended_on": event.cancelled_on}
    return {}


def _set(act: Act, event: Any, columns: dict[str, Any]) -> None:
    named = columns | {"version": event.originator_version}
    assignments = ", ".join(f"{name} = %({name})s" for name in named)
    act.write(
        f"UPDATE letter SET {assignments} WHERE letter_id = %(letter)s",
        named | {"letter": event.originator_id},
    )


def _add_entry(act: Act, event: Any, recorded: Recorded) -> None:
    # What a letter was made from stays in its event alone.
    made = isinstance(event, Letter.Made)
    said = {} if made else {n: _plain(v) for n, v in vars(event).items() if n not in UNSAID}
    act.insert(
        ADD_ENTRY,
        (
            event.originator_id,
            event.originator_version,
            event.occurred_on,
            ENTRIES[event.TOPIC],
            Jsonb(said),
            recorded.actor,
            recorded.fact,
        ),
    )


def _plain(value: object) -> object:
    return str(value) if isinstance(value, date | UUID) else getattr(value, "value", value)


SELECT_LETTERS = """
SELECT l.*, a.reference, a.leaseholders, a.household_id
FROM letter l JOIN account a USING (lease_id)
"""


def select_open(rows: Cursor[DictRow]) -> list[DictRow]:
    """Letters that somebody has yet to do something about, those that wait longest first."""
    return rows.execute(
        SELECT_LETTERS + " WHERE l.state = ANY(%s) ORDER BY l.queued_on, a.reference, l.letter_id",
        (list(OPEN),),
    ).fetchall()


def select_of(rows: Cursor[DictRow], letter_ids: Sequence[UUID]) -> list[DictRow]:
    return rows.execute(
        SELECT_LETTERS + " WHERE l.letter_id = ANY(%s) ORDER BY l.queued_on, a.reference",
        (list(letter_ids),),
    ).fetchall()


def select_of_lease(rows: Cursor[DictRow], lease_id: UUID) -> list[DictRow]:
    """A household's letters, newest first."""
    return rows.execute(
        SELECT_LETTERS + " WHERE l.lease_id = %s ORDER BY l.queued_on DESC, l.letter_id",
        (lease_id,),
    ).fetchall()


def select_entries(rows: Cursor[DictRow], letter_id: UUID) -> list[DictRow]:
    """A letter's history, newest first."""
    return rows.execute(
        "SELECT * FROM letter_entry WHERE letter_id = %s ORDER BY version DESC", (letter_id,)
    ).fetchall()


def select_batches(rows: Cursor[DictRow], limit: int) -> list[DictRow]:
    """The batches printed, newest first."""
    return rows.execute(
        "SELECT *, cardinality(letter_ids) AS letters FROM letter_batch"
        " ORDER BY printed_on DESC, batch_id LIMIT %s",
        (limit,),
    ).fetchall()
