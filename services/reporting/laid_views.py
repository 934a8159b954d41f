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
LAID_AT_END = ("owed", "last_month")
"""Views of a day, which definitions ask of the last one: what is owed then adds up all history."""


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
    cursor: duckdb.DuckDBPyConnection, period: Period, known: KnownOn, sql: Collection[str]
) -> Iterator[None]:
    """While it lasts, the views that `sql` asks of the last day alone, and more than once, are laid
    down as they are on it.
    """
    names = []
    for name in LAID_AT_END:
        asked = [call for each in sql for call in re.findall(rf"\b{name}\(([^)]*)\)", each)]
        if len(asked) > 1 and set(asked) == {"$last, $known"}:
            names.append(name)
    for name in names:
        cursor.execute(
            f"CREATE TEMP TABLE laid_{name} AS SELECT * FROM {name}(?, ?)",
            [period.last, utc(known.before)],
        )
    for name in names:
        cursor.execute(
            f"CREATE TEMP MACRO {name}(day, known) AS TABLE SELECT * FROM temp.laid_{name}"
        )
    yield
    for name in names:
        cursor.execute(f"DROP MACRO TABLE temp.{name}")
        cursor.execute(f"DROP TABLE temp.laid_{name}")
