"""Figures of a year: computed from the facts, as they are or as they were known on a past day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import duckdb
from typing_extensions import TypedDict

from services.chassis.amounts import format_day
from services.chassis.clock import day_of, end_of
from services.chassis.refusal import Malformed
from services.reporting.indicators.definition import Indicator, Mean
from services.reporting.indicators.register import indicators
from services.reporting.quotients import Exact, exact_of, quotient
from services.reporting.shape import HEARD

PARTS = """
WITH part AS (
    SELECT row_number() OVER () AS n, subject, amount, list_distinct(refs) AS refs FROM ({sql})
),
cited AS (
    SELECT n, ref, split_part(ref, '/', 1) AS service, split_part(ref, '/', 2)::BIGINT AS position
    FROM (SELECT n, unnest(refs) AS ref FROM part)
),
known AS (
    SELECT c.*, f.actor, f.recorded_at
    FROM cited c JOIN fact f ON f.service::VARCHAR = c.service AND f.position = c.position
)
SELECT p.subject::VARCHAR, p.amount::BIGINT, list(DISTINCT k.actor),
       list(k.ref ORDER BY k.recorded_at, k.service, k.position)
FROM part p JOIN known k USING (n) GROUP BY p.n, p.subject, p.amount ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Period:
    """A civil year as far as it had passed: `last` is its last day, or the day it was known on."""

    first: date
    last: date


@dataclass(frozen=True)
class KnownOn:
    """A moment: facts recorded before `before` are known. `shown` is what was asked for."""

    before: datetime
    shown: str

    @property
    def last_over(self) -> date:
        """The last day that was over at that moment."""
        return day_of(self.before) - timedelta(days=1)

    @property
    def last_seen(self) -> date:
        """The day of the last moment that is known."""
        return day_of(self.before - timedelta(microseconds=1))


class Figure(TypedDict):
    """A figure. Amounts in cents or counted things (`amounts`); `value` to two decimals."""

    indicator: str
    definition_version: int
    source_status: str
    title: str
    unit: str
    amounts: str
    numerator: int
    denominator: int | Exact
    value: str | None
    computable: bool
    band: str | None
    definition_gap: str | None


class Part(TypedDict):
    """What one subject (lease, household, visit) adds to one side, and the ids of its facts."""

    subject: str
    amount: int
    actor: str
    facts: list[str]


class Told(TypedDict):
    """What stands above every figure.

    `period`: its first and last day. `cutoff`: the last position of each service that was known.
    `complete`: the log covers the period, every service has stated every day that was over, and
    nothing is set aside; else `missing` says in sentences what is. `bank_complete_until`: the last
    day up to which bank statements had come in.
    """

    company: str
    period: dict[str, str]
    known_on: str
    complete: bool
    missing: list[str]
    bank_complete_until: str | None
    cutoff: dict[str, int]


class Report(Told):
    """All figures of a year."""

    figures: list[Figure]


class Explanation(Told):
    """One figure; the amounts of its parts add up to its numerator and denominator.

    `denominator_over`: of a mean, how many counts the parts of the denominator add up; else 1.
    """

    figure: Figure
    formula: str
    source: str
    numerator_parts: list[Part]
    denominator_parts: list[Part]
    denominator_over: int
    rounding: int


def known_on(text: str | None, now: datetime) -> KnownOn:
    """Read `--known-on`: a day (its end, Europe/Brussels), a moment with its offset, or now.

    Errors: Malformed.
    """
    if text is None:
        return KnownOn(now + timedelta(microseconds=1), now.isoformat(timespec="seconds"))
    try:
        if len(text) == 10:
            return KnownOn(end_of(date.fromisoformat(text)), text)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in range(1900, 2200):
        raise Malformed(
            f"« {text} » n'est ni un jour (AAAA-MM-JJ) ni un moment avec son décalage horaire.",
            [{"field": "known_on", "reason": "jour ou moment ISO attendu"}],
        )
    return KnownOn(moment + timedelta(microseconds=1), text)


def period_of(year: int, known: KnownOn) -> Period:
    """The year, cut at the day it is known on.

    Errors: Malformed outside 1990 to 2100, and for a year that had not begun.
    """
    if not 1990 <= year <= 2100:
        raise Malformed(
            f"L'année {year} est hors de 1990 à 2100.",
            [{"field": "year", "reason": "hors limites"}],
        )
    first, last = date(year, 1, 1), date(year, 12, 31)
    if known.last_seen < first:
        raise Malformed(
            f"Le {format_day(known.last_seen)}, l'année {year} n'avait pas commencé : "
            "elle n'a pas de chiffres.",
            [{"field": "year", "reason": "pas encore commencée"}],
        )
    return Period(first, min(last, known.last_seen))


def parameters(sql: str, period: Period, known: KnownOn) -> dict[str, Any]:
    """The named parameters that `sql` uses; moments go in as UTC without offset."""
    values = {
        "first": period.first,
        "last": period.last,
        "known": utc(known.before),
    }
    return {name: value for name, value in values.items() if f"${name}" in sql}


def figure(
    cursor: duckdb.DuckDBPyConnection, indicator: Indicator, period: Period, known: KnownOn
) -> Figure:
    return figure_of(
        indicator,
        _sum(cursor, indicator.numerator, period, known),
        mean_of(indicator, _sum(cursor, indicator.denominator, period, known), period),
    )


def mean_of(indicator: Indicator, parts: int, period: Period) -> Fraction:
    """What the parts of a denominator come to: their sum, or its mean; of nothing 0."""
    return Fraction(parts, over) if (over := counts_of(indicator, period)) else Fraction(0)


def counts_of(indicator: Indicator, period: Period) -> int:
    """How many counts the parts of a denominator add up."""
    return month_ends(period) if indicator.mean is Mean.OF_MONTH_ENDS else 1


def month_ends(period: Period) -> int:
    """How many last days of a month have passed in a period that begins with a month."""
    after = period.last + timedelta(days=1)
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def figure_of(indicator: Indicator, numerator: int, denominator: Fraction) -> Figure:
    """One figure as the contract of the command line has it: a mean as an exact fraction."""
    return {
        "indicator": indicator.id,
        "definition_version": indicator.version,
        "source_status": indicator.source_status.value,
        "title": indicator.title["fr"],
        "unit": indicator.unit.value,
        "amounts": indicator.amounts.value,
        "numerator": numerator,
        "denominator": exact_of(denominator),
        "value": quotient(numerator, denominator),
        "computable": denominator != 0,
        "band": None,
        "definition_gap": None,
    }


def figures(cursor: duckdb.DuckDBPyConnection, period: Period, known: KnownOn) -> list[Figure]:
    return [figure(cursor, indicator, period, known) for indicator in indicators().values()]


def parts(
    cursor: duckdb.DuckDBPyConnection, sql: str, period: Period, known: KnownOn, company: str
) -> list[Part]:
    """The parts of one side of a figure, largest first.

    Each has the ids of its facts, as they were recorded, and whoever recorded them.
    """
    rows = cursor.execute(PARTS.format(sql=sql), parameters(sql, period, known)).fetchall()
    return [
        {
            "subject": subject,
            "amount": amount,
            "actor": ", ".join(sorted(actors)),
            "facts": [f"{company}/{ref}" for ref in refs],
        }
        for subject, amount, actors, refs in rows
    ]


def cutoff(cursor: duckdb.DuckDBPyConnection, known: KnownOn) -> dict[str, int]:
    """The last position of each service that was known."""
    rows = cursor.execute(
        "SELECT service::VARCHAR, max(position) FROM fact WHERE recorded_at < ? GROUP BY service",
        [utc(known.before)],
    ).fetchall()
    return dict.fromkeys(HEARD, 0) | dict(rows)


def closed_until(cursor: duckdb.DuckDBPyConnection) -> dict[str, date | None]:
    """The last day that each service has stated as over."""
    rows = cursor.execute(
        "SELECT service::VARCHAR, max(day) FROM fact WHERE type LIKE '%.day-closed'"
        " GROUP BY service"
    ).fetchall()
    return dict.fromkeys(HEARD) | dict(rows)


def log_from(cursor: duckdb.DuckDBPyConnection, known: KnownOn) -> date | None:
    """The day on which the first fact that was known was recorded."""
    ((first,),) = cursor.execute(
        "SELECT min(recorded_at) FROM fact WHERE recorded_at < ?", [utc(known.before)]
    ).fetchall()
    return day_of(first.replace(tzinfo=UTC)) if first else None


def bank_complete_until(cursor: duckdb.DuckDBPyConnection, known: KnownOn) -> date | None:
    """Until when bank statements were complete, as arrears stated it when it last closed a day."""
    rows = cursor.execute("SELECT * FROM bank(?)", [utc(known.before)]).fetchall()
    return rows[0][0] if rows else None


def utc(moment: datetime) -> datetime:
    """As the store has moments: UTC without offset."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _sum(cursor: duckdb.DuckDBPyConnection, sql: str, period: Period, known: KnownOn) -> int:
    ((total,),) = cursor.execute(
        f"SELECT coalesce(sum(amount), 0)::BIGINT FROM ({sql})", parameters(sql, period, known)
    ).fetchall()
    return int(total)
