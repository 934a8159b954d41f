"""Which figures of a year moved between two known-on moments, and which facts moved them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

import duckdb
from typing_extensions import TypedDict

from services.reporting.answers import Figure
from services.reporting.figures import (
    KnownOn,
    Period,
    counts_of,
    parameters,
    period_of,
    utc,
)
from services.reporting.indicators.definition import Indicator, name_of
from services.reporting.indicators.register import asked_for, in_force
from services.reporting.laid_views import laid_down
from services.reporting.signing import Reckon, afresh
from services.reporting.views import types_read

MOVED = """
WITH before AS ({before}), after AS ({after}),
moved AS (
    SELECT subject FROM before FULL JOIN after USING (subject)
    WHERE before.amount IS DISTINCT FROM after.amount
),
cited AS (
    SELECT DISTINCT unnest(refs) AS ref
    FROM (SELECT subject, refs FROM before UNION ALL SELECT subject, refs FROM after)
    JOIN moved USING (subject)
)
SELECT f.service::VARCHAR || '/' || f.position, f.corrects IS NOT NULL, f.occurred_on
FROM fact f
WHERE {between} AND f.type = ANY($types) AND (
    ref_of(f.service, f.position) IN (SELECT ref FROM cited)
    OR ref_of(f.service, f.corrects) IN (SELECT ref FROM cited)
    OR (
        (f.corrects IS NOT NULL OR f.occurred_on <= $last)
        AND (f.lease_id IN (SELECT subject FROM moved) OR f.visit_id IN (SELECT subject FROM moved)
            OR f.dwelling_id IN (SELECT subject FROM moved))
    )
)
ORDER BY f.recorded_at, f.service, f.position
"""
"""Facts that came in between, of the types that the figure reads, about subjects whose part moved:
a part that is gone cites nothing, so that what made it go is found by its subject, if it is of the
period. What a part cites counts whenever it occurred: a visit of last year may be planned today.
"""

DENOMINATOR = "denominator"
WHEN, SIDES = ("before", "after"), ("numerator", DENOMINATOR)
OF_EVERY_MEAN = 27_720
"""Each number of month ends, 1 to 12, divides it: so many parts make one."""

BETWEEN = "f.recorded_at >= $one AND f.recorded_at < $other"

Kind = Literal["late", "correction", "new", "definition"]


class Cause(TypedDict):
    """A fact recorded between the two moments. `late`: of a day that was over at the first;
    `definition`: no fact, the two figures are counted by two versions.
    """

    fact: str | None
    kind: Kind


class Change(TypedDict):
    """A figure that moved: its values, whole figures, and the facts recorded in between; none where
    more of the period has passed, as of a mean another month's end.
    """

    indicator: str
    before: str | None
    after: str | None
    figure_before: Figure
    figure_after: Figure
    because: list[Cause]


class Moved(TypedDict):
    """What moved between two moments, the earlier one first."""

    company: str
    year: int
    known_on: list[str]
    changes: list[Change]


class Differences(Moved):
    """The same, and for each moment the sentences that say what its figures lack."""

    missing: list[list[str]]


def differences(
    cursor: duckdb.DuckDBPyConnection,
    company: str,
    year: int,
    one: KnownOn,
    other: KnownOn,
    reckon: Reckon = afresh,
    definitions: Iterable[str] = (),
) -> Moved:
    """Figures of two versions of a definition are not compared, unless one is asked for by name.

    Errors: Malformed for a year that had not begun at the first moment; UnknownIndicator.
    """
    moments = (period_of(year, one), one), (period_of(year, other), other)
    names = asked_for(definitions)
    moved = list(_moved(*(_by_name(names, reckon, cursor, *moment) for moment in moments)))
    alike = [(old, before, after) for old, before, new, after in moved if old is new]
    changes = [
        _change(before, after, [{"fact": None, "kind": "definition"}])
        for old, before, new, after in moved
        if old is not new
    ]
    for when, (period, known) in zip(WHEN, moments, strict=True):
        lay_parts_down(cursor, when, [chosen for chosen, _, _ in alike], period, known)
    for chosen, before, after in alike:
        because = _because(cursor, company, chosen, *moments)
        changes.append(_change(before, after, because))
    changes.sort(key=lambda change: change["indicator"])
    shown = [one.shown, other.shown]
    return {"company": company, "year": year, "known_on": shown, "changes": changes}


Counting = dict[str, tuple[Indicator, Figure]]


def _by_name(
    names: list[str],
    reckon: Reckon,
    cursor: duckdb.DuckDBPyConnection,
    period: Period,
    known: KnownOn,
) -> Counting:
    """By the name it was asked for, what counted a figure then, and the figure."""
    told = reckon(cursor, names, period, known)
    figures = {name_of(each["indicator"], each["definition_version"]): each for each in told}
    return {
        name: (chosen, figures[chosen.name])
        for name in names
        for chosen in in_force([name], period.last)
    }


def _moved(
    first: Counting, second: Counting
) -> Iterator[tuple[Indicator, Figure, Indicator, Figure]]:
    for name, (old, before) in first.items():
        new, after = second.get(name, (old, before))
        if before != after:
            yield old, before, new, after


def _change(before: Figure, after: Figure, because: list[Cause]) -> Change:
    return {
        "indicator": after["indicator"],
        "before": before["value"],
        "after": after["value"],
        "figure_before": before,
        "figure_after": after,
        "because": because,
    }


def lay_parts_down(
    cursor: duckdb.DuckDBPyConnection,
    when: str,
    moved: Iterable[Indicator],
    period: Period,
    known: KnownOn,
) -> None:
    """The parts of both sides of these figures at a moment, as tables of the cursor.

    Reckoned within the query that compares them, each would read the facts anew. A part of a mean
    is laid down as its share of it: a lease that is there at each month's end weighs the same when
    another one has passed, one that ended before it weighs less.
    """
    with laid_down(cursor, known, [chosen.sql for chosen in moved]):
        for chosen in moved:
            for side in SIDES:
                sql, table = getattr(chosen, side), _laid(when, chosen, side)
                of = counts_of(chosen, period) if side == DENOMINATOR else 1
                cursor.execute(
                    f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * REPLACE ("
                    f"amount::HUGEINT * {OF_EVERY_MEAN // max(1, of)} AS amount) FROM ({sql})",
                    parameters(sql, period, known),
                )


def _laid(when: str, chosen: Indicator, side: str) -> str:
    return f"{when}_{chosen.id}_{chosen.version}_{side}"


def _because(
    cursor: duckdb.DuckDBPyConnection,
    company: str,
    indicator: Indicator,
    one: tuple[Period, KnownOn],
    other: tuple[Period, KnownOn],
) -> list[Cause]:
    causes: dict[str, Cause] = {}
    moments = {"one": utc(one[1].before), "other": utc(other[1].before)}
    for ref, corrects, occurred_on in facts_behind(
        cursor, indicator, BETWEEN, other[0].last, moments
    ):
        late = occurred_on <= one[1].last_over
        kind: Kind = "correction" if corrects else "late" if late else "new"
        causes.setdefault(ref, {"fact": f"{company}/{ref}", "kind": kind})
    return list(causes.values())


def facts_behind(
    cursor: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    between: str,
    last: date,
    values: Mapping[str, Any],
) -> Iterator[tuple[str, bool, date]]:
    """The facts of `between` that moved a part of a figure whose parts are laid down: of each its
    place, whether it corrects another, and the day that it is about; side after side.

    `last`: the period's last day; `values`: the parameters of `between`.
    """
    for side in SIDES:
        before, after = (f"SELECT * FROM temp.{_laid(when, indicator, side)}" for when in WHEN)
        moved = MOVED.format(before=before, after=after, between=between)
        types = sorted(types_read(getattr(indicator, side)))
        yield from cursor.execute(moved, {**values, "last": last, "types": types}).fetchall()
