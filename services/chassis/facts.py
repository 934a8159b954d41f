"""The fact log of one company and service: tables, and the reading of what was recorded.

Facts are written by acts alone, in the transaction of the domain events they come from, under the
library's own lock of the events table.
"""

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg import Connection, RawCursor

from contracts.envelope import FIRST_HASH, Envelope, read_envelope
from services.chassis.datastore import CompanyDatastore
from services.chassis.failpoint import failpoint

EVENTS_TABLE = "stored_events"

TABLES = f"""
CREATE TABLE IF NOT EXISTS facts (
    position bigint PRIMARY KEY,
    subject uuid NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    recorded_at timestamptz NOT NULL,
    hash bytea NOT NULL,
    content bytea NOT NULL,
    UNIQUE (subject, version)
);
CREATE TABLE IF NOT EXISTS head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    hash bytea NOT NULL,
    recorded_at timestamptz NOT NULL,
    acts bigint NOT NULL
);
INSERT INTO head VALUES (true, 0, '\\x{FIRST_HASH.hex()}', '1970-01-01T00:00:00Z', 0)
    ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS clock (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    shown_at timestamptz NOT NULL,
    set_at timestamptz NOT NULL,
    running boolean NOT NULL
);
CREATE TABLE IF NOT EXISTS relay_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL,
    next_offset bigint NOT NULL,
    diverged text
);
INSERT INTO relay_position VALUES (true, 0, 0, NULL) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS idempotency (
    key text NOT NULL,
    actor text NOT NULL,
    route text NOT NULL,
    body_hmac bytea NOT NULL,
    result text NOT NULL,
    version bigint NOT NULL,
    kept_since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, key)
);
"""
"""`version` is the version of the domain event a fact was published from: one event, one fact."""

READ_HEAD = """
SELECT h.position, h.hash, h.recorded_at, h.acts, c.shown_at, c.set_at, c.running,
       clock_timestamp() AS real_now, r.position AS relayed, r.diverged,
       EXISTS (SELECT FROM parked WHERE state = 'parked')
       OR EXISTS (SELECT FROM inbox_position WHERE held IS NOT NULL) AS waits
FROM head h LEFT JOIN clock c ON true LEFT JOIN relay_position r ON true
"""
INSERT_EVENTS = f"""
INSERT INTO {EVENTS_TABLE} (originator_id, originator_version, topic, state)
SELECT * FROM unnest(%b::uuid[], %b::bigint[], %b::text[], %b::bytea[])
"""
INSERT_FACTS = """
INSERT INTO facts (position, subject, version, type, recorded_at, hash, content)
SELECT * FROM unnest(%b::bigint[], %b::uuid[], %b::bigint[], %b::text[],
                     %b::timestamptz[], %b::bytea[], %b::bytea[])
"""
UPDATE_HEAD = """
UPDATE head SET position = %s, hash = %s, recorded_at = %s, acts = acts + 1 WHERE acts = %s
"""


class FactRecorder(PostgresApplicationRecorder):
    """The library's recorder over our datastore; tables are made by `provision` alone."""

    def __init__(self, datastore: CompanyDatastore) -> None:
        super().__init__(datastore, events_table_name=EVENTS_TABLE)


def select_facts(
    datastore: CompanyDatastore, after: int, limit: int, upto: int | None = None
) -> list[dict[str, Any]]:
    """Rows (position, subject, hash, content) after a position, in order."""
    with datastore.reading() as rows:
        rows.execute(
            "SELECT position, subject, hash, content FROM facts"
            " WHERE position > %s AND position <= %s ORDER BY position LIMIT %s",
            (after, upto if upto is not None else 2**62, limit),
            prepare=True,
            binary=True,
        )
        return rows.fetchall()


def read_facts(
    datastore: CompanyDatastore, first: int = 1, last: int | None = None, page: int = 5000
) -> Iterator[bytes]:
    """The bytes of facts from position `first` to `last`, as recorded."""
    after = first - 1
    while rows := select_facts(datastore, after, page, last):
        for row in rows:
            yield bytes(row["content"])
        after = rows[-1]["position"]


def correcting(datastore: CompanyDatastore, fact: Envelope) -> list[Envelope]:
    """The facts that correct or withdraw one, in order: the last one holds."""
    with datastore.reading() as rows:
        later = rows.execute(
            "SELECT content FROM facts WHERE subject = %s AND position > %s ORDER BY position",
            (fact.subject, fact.position),
        ).fetchall()
    found = [read_envelope(bytes(row["content"])) for row in later]
    return [one for one in found if one.corrects == fact.id]


def read_head(datastore: CompanyDatastore) -> dict[str, Any]:
    with datastore.reading() as rows:
        return rows.execute(READ_HEAD, prepare=True).fetchone() or {}


def insert_log(
    connection: Connection[Any], events: list[tuple[Any, ...]], facts: list[tuple[Any, ...]]
) -> None:
    """Write a part of what an act recorded: events (id, version, topic, state), facts as rows."""
    connection.execute(INSERT_EVENTS, _columns(events), prepare=True)
    failpoint("act.between-events-and-facts")
    if facts:
        connection.execute(INSERT_FACTS, _columns(facts), prepare=True)


def move_head(connection: Connection[Any], head: tuple[Any, ...], company: str) -> None:
    """`head` (position, hash, recorded_at, acts as they were read) after it, and announce it."""
    execute = connection.execute
    execute(UPDATE_HEAD, head, prepare=True)
    execute(
        "UPDATE public.news SET position = %s WHERE company = %s", (head[0], company), prepare=True
    )
    execute("SELECT pg_notify('news', %s)", (company,), prepare=True)


def _columns(rows: list[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(map(list, zip(*rows, strict=True)))


def insert_rows(connection: Connection[Any], statement: str, rows: list[tuple[Any, ...]]) -> None:
    """`INSERT … {values} …` with all rows in one statement: a round trip each would cost more."""
    query = _with_values(statement, len(rows), len(rows[0]))
    RawCursor(connection).execute(query, [value for row in rows for value in row])


@lru_cache(256)
def _with_values(statement: str, rows: int, columns: int) -> str:
    numbers = itertools.count(1)
    each = ["(" + ", ".join(f"${next(numbers)}" for _ in range(columns)) + ")" for _ in range(rows)]
    return statement.format(values="VALUES " + ", ".join(each))
