"""Which figures of a year moved between two known-on moments, and which facts moved them."""

from typing import Any, Literal

import duckdb
from typing_extensions import TypedDict

from services.reporting.answers import Figure
from services.reporting.figures import KnownOn, Period, figure, parameters, period_of, utc
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import indicators
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
    f.service::VARCHAR || '/' || f.position IN (SELECT ref FROM cited)
    OR f.service::VARCHAR || '/' || f.corrects IN (SELECT ref FROM cited)
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
    cursor: duckdb.DuckDBPyConnection, company: str, year: int, one: KnownOn, other: KnownOn
) -> Differences:
    """Errors: Malformed for a year that had not begun at the first moment."""
    periods = period_of(year, one), period_of(year, other)
    changes: list[Change] = []
    for indicator in indicators().values():
        before = figure(cursor, indicator, periods[0], one)
        after = figure(cursor, indicator, periods[1], other)
        if before != after:
            because = _because(cursor, company, indicator, (periods[0], one), (periods[1], other))
            if not because and indicator.mean is not None and periods[0] != periods[1]:
                continue  # of a mean, another month's end has passed: nobody recorded anything
            changes.append(
                {
                    "indicator": indicator.id,
                    "before": before["value"],
                    "after": after["value"],
                    "figure_before": before,
                    "figure_after": after,
                    "because": because,
                }
            )
    shown = [one.shown, other.shown]
    return {"company": company, "year": year, "known_on": shown, "changes": changes}


def _because(
    cursor: duckdb.DuckDBPyConnection,
    company: str,
    indicator: Indicator,
    one: tuple[Period, KnownOn],
    other: tuple[Period, KnownOn],
) -> list[Cause]:
    causes: dict[str, Cause] = {}
    for sql in (indicator.numerator, indicator.denominator):
        moved = MOVED.format(before=_named(sql, "a"), after=_named(sql, "b"), between=BETWEEN)
        values: dict[str, Any] = {"one": utc(one[1].before), "other": utc(other[1].before)}
        values |= {"last": other[0].last, "types": sorted(types_read(sql))}
        for mark, (period, known) in (("a", one), ("b", other)):
            values |= {f"{mark}_{n}": v for n, v in parameters(sql, period, known).items()}
        for ref, corrects, occurred_on in cursor.execute(moved, values).fetchall():
            late = occurred_on <= one[1].last_over
            kind: Kind = "correction" if corrects else "late" if late else "new"
            causes.setdefault(ref, {"fact": f"{company}/{ref}", "kind": kind})
    return list(causes.values())


def _named(sql: str, mark: str) -> str:
    """The same query with its parameters under names of its own."""
    for name in ("first", "last", "known"):
        sql = sql.replace(f"${name}", f"${mark}_{name}")
    return sql
