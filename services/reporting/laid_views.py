"""Views as known at one moment, laid down once for a whole page of figures.

An indicator names a view as a macro with the moment as its argument, and each naming reads and
joins the facts anew: of a page of eleven figures that is nearly all of the time. Here what the
macros give at one moment is put into temporary tables of the cursor, and macros of the same names
stand in front of them, so that every definition reads what it would have read, and reads it once.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

import duckdb

from services.reporting.figures import KnownOn, Period, utc
from services.reporting.views import MONTH_LINES, OWED_LINES, words_read

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

AT_LAST = "$last, $known"
AT_ENDS = {
    "owed": (OWED_LINES, "sum(cents) AS cents", "greatest(0, sum(cents)) AS arrears_cents"),
    "last_month": (
        MONTH_LINES,
        "max(latest) AS latest, max_by(month_cents, latest) AS month_cents",
        "max_by(month_cents, latest) AS month_cents",
    ),
}
"""The same on many days, without facts: its lines, what is added up of those between two days, and
what is told of all of these up to each day.
"""
MANY = 3


@contextmanager
def laid_down(
    cursor: duckdb.DuckDBPyConnection,
    known: KnownOn,
    sql: Collection[str],
    ends: Collection[date] = (),
) -> Iterator[frozenset[str]]:
    """While it lasts, whatever this cursor asks of the views that `sql` reads is as known at this
    moment. `ends`: the last days that are asked for; where they are many, the views whose names are
    given are laid down on these alone.
    """
    needed = set().union(*map(words_read, sql))
    names = [name for name in LAID if name in needed]
    for name in names:
        cursor.execute(
            f"CREATE TEMP TABLE laid_{name} AS SELECT * FROM {name}(?)", [utc(known.before)]
        )
    for name in names:
        cursor.execute(f"CREATE TEMP MACRO {name}(known) AS TABLE SELECT * FROM temp.laid_{name}")
    at_ends = [name for name in AT_ENDS if len(ends) >= MANY and {*_calls(name, sql)} == {AT_LAST}]
    for name in at_ends:
        _lay_at_ends(cursor, name, known, sorted(ends))
    yield frozenset(at_ends)
    # After an error the cursor is of no use anyway, and its tables go with it.
    for name in [*names, *at_ends]:
        cursor.execute(f"DROP MACRO TABLE temp.{name}")
        cursor.execute(f"DROP TABLE temp.laid_{name}")


def _lay_at_ends(
    cursor: duckdb.DuckDBPyConnection, name: str, known: KnownOn, ends: list[date]
) -> None:
    lines, added, told = AT_ENDS[name]
    cases = " ".join(f"WHEN on_day <= DATE '{end}' THEN DATE '{end}'" for end in ends)
    cursor.execute(
        f"CREATE TEMP TABLE laid_{name} AS WITH step AS ("
        f"SELECT lease_id, CASE {cases} END AS until, {added}"
        f" FROM ({lines.format(known='$known')}) WHERE until IS NOT NULL GROUP BY ALL)"
        f" SELECT lease_id, last, {told}, {LAID_AT_END[name]} FROM step"
        " JOIN (SELECT unnest($ends::DATE[]) AS last) ON until <= last GROUP BY lease_id, last",
        {"known": utc(known.before), "ends": ends},
    )
    cursor.execute(
        f"CREATE TEMP MACRO {name}(day, known) AS TABLE"
        f" SELECT * EXCLUDE (last) FROM temp.laid_{name} WHERE last = day"
    )


def _calls(name: str, sql: Collection[str]) -> list[str]:
    """With what `sql` asks for a view, each time that it does."""
    return [call for each in sql for call in re.findall(rf"\b{name}\(([^)]*)\)", each)]


@contextmanager
def laid_down_at_end(
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    known: KnownOn,
    sql: Collection[str],
    *,
    with_facts: bool = True,
    of_leases: Collection[str] | None = None,
    but: Collection[str] = (),
) -> Iterator[None]:
    """While it lasts, the views that `sql` asks of the last day alone are laid down as they are on
    it: of all leases where that is asked more than once, or of these. `but`: what is laid already.
    """
    calls = {name: _calls(name, sql) for name in LAID_AT_END if name not in but}
    names = [
        name
        for name, asked in calls.items()
        if {*asked} == {AT_LAST} and (len(asked) > 1 or of_leases is not None)
    ]
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
