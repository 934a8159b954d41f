"""Views as known at one moment, laid down once for a whole page of figures.

An indicator names a view as a macro with the moment as its argument, and each naming reads and
joins the facts anew: of a page of eleven figures that is nearly all of the time. Here what the
macros give at one moment is put into temporary tables of the cursor, and macros of the same names
stand in front of them, so that every definition reads what it would have read, and reads it once.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

import duckdb

from services.reporting.figures import KnownOn, Period, utc
from services.reporting.views import words_read

LAID = (
    *("leases", "dwellings", "suspensions", "charges", "money", "written_off"),
    *("visits_made", "visits_planned", "visits_withdrawn", "plans", "spells", "reactions"),
    "support_periods",
)
"""Views whose only argument is the moment."""
LAID_AT_END = {"owed": "NULL::BIGINT[] AS refs", "last_month": "NULL::BIGINT AS ref"}
"""Views of a day, which definitions ask of the last one: what is owed then adds up all history.
Each with what stands in the place of its facts where nobody asks: to name them is half of the time.
"""


@contextmanager
def laid_down(
    cursor: duckdb.DuckDBPyConnection, known: KnownOn, sql: Iterable[str]
) -> Iterator[None]:
    """While it lasts, whatever this cursor asks of the views that `sql` reads is as known at this
    moment.
    """
    needed = set().union(*map(words_read, sql))
    names = [name for name in LAID if name in needed]
    for name in names:
        cursor.execute(
            f"CREATE TEMP TABLE laid_{name} AS SELECT * FROM {name}(?)", [utc(known.before)]
        )
    for name in names:
        cursor.execute(f"CREATE TEMP MACRO {name}(known) AS TABLE SELECT * FROM temp.laid_{name}")
    yield
    # After an error the cursor is of no use anyway, and its tables go with it.
    for name in names:
        cursor.execute(f"DROP MACRO TABLE temp.{name}")
        cursor.execute(f"DROP TABLE temp.laid_{name}")


@contextmanager
def laid_down_at_end(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    known: KnownOn,
    sql: Collection[str],
    *,
    with_facts: bool = True,
    of_leases: Collection[str] | None = None,
) -> Iterator[None]:
    """While it lasts, the views that `sql` asks of the last day alone are laid down as they are on
    it: of all leases where that is asked more than once, or of these.
    """
    names = []
    for name in LAID_AT_END:
        asked = [call for each in sql for call in re.findall(rf"\b{name}\(([^)]*)\)", each)]
        worth_it = len(asked) > 1 or of_leases is not None
        if worth_it and set(asked) == {"$last, $known"}:
            names.append(name)
    values: dict[str, object] = {"last": period.last, "known": utc(known.before)}
    which = ""
    if of_leases is not None:
        which, values["leases"] = "WHERE list_contains($leases::UUID[], lease_id)", [*of_leases]
    for name in names:
        columns = "*" if with_facts else f"* REPLACE ({LAID_AT_END[name]})"
        cursor.execute(
            f"CREATE TEMP TABLE laid_{name} AS SELECT {columns} FROM {name}($last, $known) {which}",
            values,
        )
    for name in names:
        cursor.execute(
            f"CREATE TEMP MACRO {name}(day, known) AS TABLE SELECT * FROM temp.laid_{name}"
        )
    yield
    for name in names:
        cursor.execute(f"DROP MACRO TABLE temp.{name}")
        cursor.execute(f"DROP TABLE temp.laid_{name}")
