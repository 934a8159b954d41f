"""Read models of returns: one row a year, one row a signed version, which stays for ever."""

from hashlib import sha256
from typing import Any

from psycopg import Cursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from services.chassis.act import Act
from services.chassis.caller import Recorded
from services.reporting.yearly_return import ReturnState, YearlyReturn

TABLES = """
CREATE TABLE IF NOT EXISTS yearly_return (
    year integer PRIMARY KEY,
    version bigint NOT NULL,
    state text NOT NULL,
    published integer NOT NULL,
    prepared_at timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS return_version (
    year integer NOT NULL,
    return_version integer NOT NULL,
    known_on text NOT NULL,
    cutoff jsonb NOT NULL,
    figures jsonb NOT NULL,
    digest text NOT NULL,
    reason_digest text,
    changes jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor text NOT NULL,
    fact text NOT NULL,
    PRIMARY KEY (year, return_version)
);
ALTER TABLE return_version ADD COLUMN IF NOT EXISTS despite jsonb NOT NULL DEFAULT '[]';
"""
KEPT = """
CREATE TABLE IF NOT EXISTS written_reason (
    digest text PRIMARY KEY,
    words text NOT NULL
);
"""
"""What people wrote: text of their own never stands in an event or a fact, only its digest."""

SELECT_VERSIONS = """
SELECT v.*, r.words AS reason, ARRAY(
    SELECT DISTINCT change->>'indicator'
    FROM return_version before, jsonb_array_elements(before.changes) change
    WHERE before.year = v.year AND before.return_version <= v.return_version
) AS restated FROM return_version v
LEFT JOIN written_reason r ON r.digest = v.reason_digest
WHERE v.year = %s ORDER BY v.return_version
"""
"""Every signed version of a year with its `reason` in words, the first one first. `restated`: the
figures that it or one before it restated.
"""

Row = dict[str, Any]


def fold(act: Act, recorded: Recorded) -> None:
    """One row a return, one a version of it."""
    event = recorded.event
    match event:
        case YearlyReturn.Prepared():
            act.write(
                "INSERT INTO yearly_return VALUES (%s, %s, %s, 0, %s)",
                (event.year, 1, ReturnState.PROVISIONAL.value, recorded.recorded_at),
            )
        case YearlyReturn.Validated():
            _keep(act, recorded, ReturnState.VALIDATED, [])
        case YearlyReturn.Restated():
            _keep(act, recorded, ReturnState.RESTATED, event.changes)


def _keep(act: Act, recorded: Recorded, state: ReturnState, changes: list[Row]) -> None:
    event = recorded.event
    act.write(
        "UPDATE yearly_return SET (version, state, published) = (%s, %s, %s) WHERE year = %s",
        (event.originator_version, state.value, event.return_version, event.year),
    )
    act.write(
        "INSERT INTO return_version VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.year,
            event.return_version,
            event.known_on,
            Jsonb(event.cutoff),
            Jsonb(event.figures),
            event.digest,
            event.reason_digest,
            Jsonb(changes),
            recorded.recorded_at,
            recorded.actor,
            recorded.fact,
            Jsonb(event.despite or []),
        ),
    )


def keep_reason(act: Act, words: str) -> str | None:
    """Keep what a person wrote, beside the log; the digest that the event carries."""
    if not words:
        return None
    digest = sha256(words.encode()).hexdigest()
    act.write("INSERT INTO written_reason VALUES (%s, %s) ON CONFLICT DO NOTHING", (digest, words))
    return digest


def select_returns(rows: Cursor[DictRow]) -> list[Row]:
    """The latest year first."""
    return rows.execute("SELECT * FROM yearly_return ORDER BY year DESC").fetchall()


def select_last_versions(rows: Cursor[DictRow], count: int) -> list[Row]:
    """Of the latest years that were signed, the version that stands."""
    return rows.execute(
        "SELECT v.* FROM return_version v JOIN yearly_return r"
        " ON r.year = v.year AND r.published = v.return_version ORDER BY v.year DESC LIMIT %s",
        (count,),
    ).fetchall()


def select_return(rows: Cursor[DictRow], year: int) -> Row | None:
    return rows.execute("SELECT * FROM yearly_return WHERE year = %s", (year,)).fetchone()
