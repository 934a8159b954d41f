"""The parts of a figure: what each subject adds to one side, with the facts that say so.

Where a side has millions of facts behind it, to name them all takes far longer than to add up. So a
page is told every amount without facts, then the facts of the parts alone that it shows.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from services.reporting.answers import Part
from services.reporting.figures import KnownOn, Period, parameters
from services.reporting.indicators.definition import Indicator
from services.reporting.laid_views import laid_down_at_end
from services.reporting.medians import chosen_of
from services.reporting.part_pages import paged_sides
from services.reporting.reckoned import Reckoned, facts_known

CITED = """
WITH part AS (SELECT row_number() OVER () AS n, subject, amount, refs FROM temp.{table}),
known AS (
    SELECT c.n, f.service, f.position, f.actor, f.recorded_at
    FROM (SELECT n, unnest(refs) AS ref FROM part) c
    JOIN fact f ON ref_of(f.service, f.position) = c.ref
)
SELECT p.subject::VARCHAR, p.amount::BIGINT, list(DISTINCT k.actor),
       list(k.service::VARCHAR || '/' || k.position
           ORDER BY k.recorded_at, k.service::VARCHAR, k.position)
FROM part p JOIN known k USING (n) GROUP BY p.n, p.subject, p.amount ORDER BY 2 DESC, 1
"""


FACTS = """
WITH cited AS (
    SELECT DISTINCT n, subject, amount, unnest(refs) AS ref
    FROM (SELECT row_number() OVER () AS n, subject, amount, refs FROM temp.{table})
)
SELECT c.subject::VARCHAR, c.amount::BIGINT, f.service::VARCHAR || '/' || f.position, {columns}
FROM cited c JOIN fact f ON ref_of(f.service, f.position) = c.ref
ORDER BY 2 {order}, 1, f.recorded_at, f.service::VARCHAR, f.position
"""
AT_ONCE = 10_000


class Side:
    """One side of a figure as known at a moment, laid down for as long as the cursor lives.

    `only`: of these subjects alone.
    """

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        name: str,
        sql: str,
        period: Period,
        known: KnownOn,
        only: Collection[str] | None = None,
    ) -> None:
        self._cursor, self._table = cursor, f"side_{name}"
        values = parameters(sql, period, known)
        if only is not None:
            sql = f"SELECT * FROM ({sql}) WHERE list_contains($only::UUID[], subject)"
            values["only"] = [*only]
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {self._table} AS {sql}", values)

    def count_facts(self) -> int:
        """How many rows `facts` gives."""
        ((count,),) = self._cursor.execute(
            f"SELECT coalesce(sum(len(list_distinct(refs))), 0)::BIGINT FROM temp.{self._table}"
        ).fetchall()
        return int(count)

    def facts(self, columns: str, *, in_order: bool) -> Iterator[tuple[Any, ...]]:
        """Each part with each of its facts: subject, amount, service and position, these columns.

        The largest part first, `in_order` the smallest. Nothing else is asked of the cursor before
        the last row was taken.
        """
        order = "ASC" if in_order else "DESC"
        self._cursor.execute(FACTS.format(table=self._table, columns=columns, order=order))
        while rows := self._cursor.fetchmany(AT_ONCE):
            yield from rows

    def cited(self, company: str) -> list[Part]:
        """Every part, largest first, with the ids of its facts, as they were recorded, and whoever
        recorded them.
        """
        rows = self._cursor.execute(CITED.format(table=self._table)).fetchall()
        return [
            {
                "subject": subject,
                "amount": amount,
                "actor": ", ".join(sorted(actors)),
                "facts": [f"{company}/{ref}" for ref in dict.fromkeys(refs)],
            }
            for subject, amount, actors, refs in rows
        ]


def parts(
    cursor: duckdb.DuckDBPyConnection, sql: str, period: Period, known: KnownOn, company: str
) -> list[Part]:
    """The parts of one side of a figure, largest first, with all their facts."""
    return Side(cursor, "whole", sql, period, known).cited(company)


def laid_down_sides(
    cursor: duckdb.DuckDBPyConnection, chosen: Indicator, period: Period, known: KnownOn
) -> tuple[Side, Side]:
    """Numerator and denominator."""
    with laid_down_at_end(cursor, period, known, (chosen.numerator, chosen.denominator)):
        above = Side(cursor, "above", chosen.numerator, period, known)
        return above, Side(cursor, "below", chosen.denominator, period, known)


def cited(
    cursor: duckdb.DuckDBPyConnection,
    chosen: Indicator,
    period: Period,
    known: KnownOn,
    company: str,
) -> tuple[list[Part], list[Part]]:
    """All parts of both sides, a median's in order, with all their facts."""
    above, below = laid_down_sides(cursor, chosen, period, known)
    numerator, denominator = above.cited(company), below.cited(company)
    return ordered(numerator) if chosen.median else numerator, denominator


@dataclass(frozen=True)
class OnPage:
    """The parts that a page shows are wanted with their facts; without a number, its first."""

    number: int | None = None


def cited_on_page(
    cursor: duckdb.DuckDBPyConnection,
    chosen: Indicator,
    period: Period,
    known: KnownOn,
    company: str,
    page: OnPage,
    reckoned: Reckoned,
) -> tuple[list[Part], list[Part]]:
    """All parts of both sides, those that a page shows with their facts."""
    sql = chosen.numerator, chosen.denominator

    def every() -> tuple[list[Part], list[Part]]:
        with laid_down_at_end(cursor, period, known, sql, with_facts=False):
            above, below = (amounts(cursor, side, period, known) for side in sql)
        return ordered(above) if chosen.median else above, below

    def seen() -> list[list[Part]]:
        of_leases = subjects[0] | subjects[1] if chosen.of_leases else None
        with laid_down_at_end(cursor, period, known, sql, of_leases=of_leases):
            return [
                Side(cursor, "seen", side, period, known, only).cited(company)
                for side, only in zip(sql, subjects, strict=True)
            ]

    of = facts_known(cursor, known), period, chosen.name
    numerator, denominator = reckoned.once(of, every)
    shown = paged_sides(chosen, numerator, denominator, page.number)
    subjects = [{part["subject"] for part in side["parts"]} for side in shown]
    found = reckoned.once((*of, page), seen)
    return _with_facts(numerator, found[0]), _with_facts(denominator, found[1])


def amounts(
    cursor: duckdb.DuckDBPyConnection, sql: str, period: Period, known: KnownOn
) -> list[Part]:
    """Every part of one side, largest first, without its facts."""
    rows = cursor.execute(
        f"SELECT subject::VARCHAR, amount::BIGINT FROM ({sql}) ORDER BY 2 DESC, 1",
        parameters(sql, period, known),
    ).fetchall()
    return [{"subject": s, "amount": amount, "actor": "", "facts": []} for s, amount in rows]


def _with_facts(every: list[Part], found: list[Part]) -> list[Part]:
    facts = {(part["subject"], part["amount"]): part for part in found}
    return [
        {**part, **facts[key]} if (key := (part["subject"], part["amount"])) in facts else part
        for part in every
    ]


def ordered(members: list[Part]) -> list[Part]:
    """A median's members, the smallest first, each marked whether it is in the middle."""
    chosen = chosen_of(len(members))
    in_order = sorted(members, key=lambda part: (part["amount"], part["subject"]))
    return [{**part, "chosen": place in chosen} for place, part in enumerate(in_order)]
