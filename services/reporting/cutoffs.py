"""A log as it stood at a cut-off: the facts up to one position of each service, and no other.

"Known on" alone does not give the same facts again: a reaction is recorded at the time of its
cause, so that one that comes late has an earlier `recorded_at` than what was counted before it.
Positions decide, as everywhere.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from services.reporting.shape import HEARD


def beyond(cutoff: Mapping[str, int], fact: str = "f") -> str:
    """SQL that is true of the facts past a cut-off."""
    return f"NOT ({_within(cutoff, fact)})"


@contextmanager
def cut_off(cursor: duckdb.DuckDBPyConnection, cutoff: Mapping[str, int]) -> Iterator[None]:
    """While it lasts, whatever this cursor reads, views included, ends at the cut-off.

    A temporary view stands in front of the table of facts: the views' macros name it without its
    database, so that they meet this one, of this cursor alone. After an error the cursor is of no
    use anyway, and the view goes with it.
    """
    ((database,),) = cursor.execute("SELECT current_database()").fetchall()
    cursor.execute(
        f'CREATE TEMP VIEW fact AS SELECT * FROM "{database}".main.fact f'
        f" WHERE {_within(cutoff, 'f')}"
    )
    yield
    cursor.execute("DROP VIEW temp.fact")


def _within(cutoff: Mapping[str, int], fact: str) -> str:
    services = [
        f"({fact}.service = '{service}' AND {fact}.position <= {int(cutoff[service])})"
        for service in HEARD
        if service in cutoff
    ]
    return " OR ".join(services) or "false"
