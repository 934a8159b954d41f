"""Which figures of a year moved between two known-on moments, and which facts moved them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

import duckdb
from typing_extensions import TypedDict

from services.reporting.answers import Figure
from services.reporting.figures import KnownOn, Period, parameters, period_of, utc
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import indicators
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

WHEN, SIDES = ("before", "after"), ("numerator", "denominator")
BETWEEN = "f.recorded_at >= $one AND f.recorded_at < $other"

Kind = Literal["late", "correction", "new"]


class Cause(TypedDict):
    """A fact recorded between the two moments. `late`: of a day that was over at the first."""

    fact: str
    kind: Kind


class Change(TypedDict):
    """A figure that moved: its values, whole figures, and the facts recorded in between."""

    indicator: str
    before: str | None
    after: str | None
    figure_before: Figure
    figure_after: Figure
    because: list[Cause]


class Differences(TypedDict):
    """What moved between two moments, the earlier one first."""

    company: str
    year: int
    known_on: list[str]
    changes: list[Change]


def differences(
    cursor: duckdb.DuckDBPyConnection,
    company: str,
    year: int,
    one: KnownOn,
    other: KnownOn,
    reckon: Reckon = afresh,
) -> Differences:
    """Errors: Malformed for a year that had not begun at the first moment."""
    moments = (period_of(year, one), one), (period_of(year, other), other)
    figures = (reckon(cursor, *moment) for moment in moments)
    moved = [
        (chosen, before, after)
        for chosen, before, after in zip(indicators().values(), *figures, strict=True)
        if before != after
    ]
    for when, (period, known) in zip(WHEN, moments, strict=True):
        lay_parts_down(cursor, when, [chosen for chosen, _, _ in moved], period, known)
    changes: list[Change] = []
    for chosen, before, after in moved:
        because = _because(cursor, company, chosen, *moments)
        if not because and chosen.mean is not None and moments[0][0] != moments[1][0]:
            continue  # of a mean, another month's end has passed: nobody recorded anything
        changes.append(
            {
                "indicator": chosen.id,
                "before": before["value"],
                "after": after["value"],
                "figure_before": before,
                "figure_after": after,
                "because": because,
            }
        )
    shown = [one.shown, other.shown]
    return {"company": company, "year": year, "known_on": shown, "changes": changes}


def lay_parts_down(
    cursor: duckdb.DuckDBPyConnection,
    when: str,
    moved: Iterable[Indicator],
    period: Period,
    known: KnownOn,
) -> None:
    """The parts of both sides of these figures at a moment, as tables of the cursor.

    Reckoned within the query that compares them, each would read the facts anew.
    """
    with laid_down(cursor, known, (chosen.sql for chosen in moved)):
        for chosen in moved:
            for side in SIDES:
                sql = getattr(chosen, side)
                cursor.execute(
                    f"CREATE OR REPLACE TEMP TABLE {when}_{chosen.id}_{side} AS {sql}",
                    parameters(sql, period, known),
                )


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
        before, after = (f"SELECT * FROM temp.{when}_{indicator.id}_{side}" for when in WHEN)
        moved = MOVED.format(before=before, after=after, between=between)
        types = sorted(types_read(getattr(indicator, side)))
        yield from cursor.execute(moved, {**values, "last": last, "types": types}).fetchall()
