"""Read models folded again from the log, by the same functions that keep them inline.

Used after mending, and by the proof that what is shown is what was recorded.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from psycopg import Connection
from psycopg.rows import dict_row

from contracts.envelope import read_envelope
from services.chassis.caller import Recorded
from services.chassis.facts import EVENTS_TABLE, insert_rows

if TYPE_CHECKING:
    from services.chassis.service import Service

SELECT_LOG = f"""
SELECT e.originator_id, e.originator_version, e.topic, e.state, f.content
FROM {{schema}}.{EVENTS_TABLE} e LEFT JOIN {{schema}}.facts f
    ON f.subject = e.originator_id AND f.version = e.originator_version
ORDER BY e.notification_id
"""


class Rows:
    """The part of an act that folds use, on any connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection

    def write(self, query: str, params: Any = ()) -> None:
        self.connection.execute(query, params)

    def insert(self, statement: str, row: tuple[Any, ...]) -> None:
        insert_rows(self.connection, statement, [row])

    def rows(self, query: str, params: Any = ()) -> list[dict[str, Any]]:
        cursor = self.connection.cursor(row_factory=dict_row)
        return cursor.execute(query, params).fetchall()


def table_names(ddl: str) -> list[str]:
    """The tables that a service's read models live in, by its own statements."""
    return re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", ddl)


def fold_log(service: "Service", rows: Rows, schema: str) -> None:
    """Fold every event of the log into the tables on `rows`' search path."""
    for recorded in read_log(service, rows.connection, schema):
        for fold in service.folds:
            fold(rows, recorded)  # type: ignore[arg-type]


def refold(service: "Service", connection: Connection[Any], ddl: str) -> None:
    """Empty the read models and fold them again, in the caller's transaction."""
    names = table_names(ddl)
    if names:
        connection.execute(f"TRUNCATE {', '.join(names)}")
    fold_log(service, Rows(connection), service.datastore.schema)


def read_log(service: "Service", connection: Connection[Any], schema: str) -> Iterator[Recorded]:
    cursor = connection.cursor(row_factory=dict_row)
    for row in cursor.execute(SELECT_LOG.format(schema=f'"{schema}"')).fetchall():
        event = service.event_of(row)
        fact = read_envelope(bytes(row["content"])) if row["content"] is not None else None
        yield Recorded(
            event=event,
            fact=fact.id if fact else None,
            recorded_at=event.timestamp,
            actor=fact.actor if fact else f"service:{service.name}",
        )
