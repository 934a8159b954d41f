"""Figures of a year: computed from the facts, as they are or as they were known on a past day."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import duckdb
from dateutil.relativedelta import relativedelta

from services.chassis.amounts import format_day
from services.chassis.clock import BRUSSELS, day_of, end_of
from services.chassis.refusal import Malformed
from services.reporting.answers import Figure, Part
from services.reporting.indicators.definition import Indicator, Mean, Unit
from services.reporting.indicators.register import in_force
from services.reporting.medians import middle
from services.reporting.quotients import exact_of, exact_quotient

YEARS = range(1990, 2101)
"""What can be asked for."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(
    DAY.pattern + r"[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})", re.ASCII
)


@dataclass(frozen=True)
class Period:
    """A civil year as far as it is counted: `last` is its last day, the day it was known on, or an
    earlier one that was asked for.
    """

    first: date
    last: date


@dataclass(frozen=True)
class KnownOn:
    """A moment: facts recorded before `before` are known. `shown` is what was asked for, or now."""

    before: datetime
    shown: str
    is_now: bool = False

    @property
    def last_over(self) -> date:
        """The last day that was over at that moment."""
        return day_of(self.before) - timedelta(days=1)

    @property
    def last_seen(self) -> date:
        """The day of the last moment that is known."""
        return day_of(self.before - timedelta(microseconds=1))


@dataclass(frozen=True)
class Counted:
    """Both sides of a figure; of a median how many `members` it is the middle of, and how many are
    `left_out` because they have no value.
    """

    numerator: int
    denominator: Fraction
    members: int | None = None
    left_out: int | None = None


def known_on(text: str | None, now: datetime) -> KnownOn:
    """Read `--known-on`: a day (its end, Europe/Brussels), a moment with its offset, or now.

    Errors: Malformed, also for a day to come: what falls due by then would count as unpaid.
    """
    if text is None:
        shown = now.astimezone(BRUSSELS).isoformat(timespec="seconds")
        return KnownOn(now + timedelta(microseconds=1), shown, is_now=True)
    known = _read(text)
    if known is None:
        raise Malformed(
            f"« {text} » n'est ni un jour (AAAA-MM-JJ) ni un moment avec son décalage horaire.",
            [{"field": "known_on", "reason": "Indiquez un jour, ou un moment avec son décalage."}],
        )
    if known.last_seen > day_of(now):
        raise Malformed(
            f"Le {format_day(known.last_seen)} est à venir : rien n'est connu d'après "
            f"aujourd'hui, le {format_day(day_of(now))}.",
            [{"field": "known_on", "reason": "Indiquez un jour qui n'est pas à venir."}],
        )
    return known


def _read(text: str) -> KnownOn | None:
    day = day_in(text)
    try:
        if day is not None:
            return KnownOn(end_of(day), text)
        moment = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
    except (ValueError, OverflowError):
        return None
    if moment is None or moment.year not in range(1900, 2200):
        return None
    return KnownOn(moment + timedelta(microseconds=1), text)


def day_in(text: str) -> date | None:
    """The day of YYYY-MM-DD; None of anything else, such as a day of a week or no day at all."""
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def period_of(year: int, known: KnownOn, as_of: str | None = None) -> Period:
    """The year, cut at the day it is known on, or at a day of it `as_of` which it is asked for.

    Errors: Malformed outside 1990 to 2100, for a year that had not begun, and for a day that is not
    of the year or was to come.
    """
    if year not in YEARS:
        raise Malformed(
            f"L'année {year} est hors de 1990 à 2100.",
            [{"field": "year", "reason": "Indiquez une année de 1990 à 2100."}],
        )
    first, last = date(year, 1, 1), date(year, 12, 31)
    if known.last_seen < first:
        raise Malformed(
            f"Le {format_day(known.last_seen)}, l'année {year} n'avait pas commencé : "
            "elle n'a pas de chiffres.",
            [{"field": "year", "reason": "Indiquez une année qui a commencé."}],
        )
    seen = min(last, known.last_seen)
    return Period(first, seen if as_of is None else _day_of_year(as_of, first, seen, known))


def _day_of_year(text: str, first: date, seen: date, known: KnownOn) -> date:
    day = day_in(text)
    if day is None:
        why, how = f"« {text} » n'est pas un jour (AAAA-MM-JJ).", "Indiquez un jour."
    elif day.year != first.year:
        why = f"Le {format_day(day)} n'est pas un jour de {first.year}."
        how = "Indiquez un jour de l'année."
    elif day > seen:
        why = f"Le {format_day(day)} est à venir : rien n'est connu d'après le "
        why += f"{format_day(known.last_seen)}."
        how = f"Indiquez un jour jusqu'au {format_day(seen)}."
    else:
        return day
    raise Malformed(why, [{"field": "as_of", "reason": how}])


def same_day(day: date, year: int) -> date:
    """The day of another year; where it has no 29 February, the 28th."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def worked_on(today: date) -> int:
    """The year that is worked on: during January still the last one.

    The return of a year is prepared once the year is over, and a year that has just begun has
    nothing to show yet.
    """
    return today.year - 1 if today.month == 1 else today.year


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
    return figure_of(indicator, counted(cursor, indicator, period, known))


def counted(
    cursor: duckdb.DuckDBPyConnection, indicator: Indicator, period: Period, known: KnownOn
) -> Counted:
    """Both sides of a figure from the facts."""
    sql = (indicator.numerator, indicator.denominator)
    if indicator.median:
        above, below = (_amounts(cursor, side, period, known) for side in sql)
        return median_of(above, len(below))
    above_sum, below_sum = (_sum(cursor, side, period, known) for side in sql)
    return Counted(above_sum, mean_of(indicator, below_sum, period))


def counted_in(
    indicator: Indicator, numerator: list[Part], denominator: list[Part], period: Period
) -> Counted:
    """The same from the parts of both sides."""
    above, below = ([part["amount"] for part in side] for side in (numerator, denominator))
    if indicator.median:
        return median_of(above, len(below))
    return Counted(sum(above), mean_of(indicator, sum(below), period))


def median_of(values: list[int], left_out: int) -> Counted:
    chosen = middle(values)
    return Counted(sum(chosen), Fraction(len(chosen)), len(values), left_out)


def mean_of(indicator: Indicator, parts: int, period: Period) -> Fraction:
    """What the parts of a denominator come to: their sum, or its mean; of nothing 0."""
    return Fraction(parts, over) if (over := counts_of(indicator, period)) else Fraction(0)


def counted_from(indicator: Indicator, period: Period) -> date:
    """The first day whose facts count: a log that begins later does not have all of them."""
    since = period.first - relativedelta(months=indicator.months_before)
    if indicator.months_to_last:
        to_last = period.last + relativedelta(days=1, months=-indicator.months_to_last)
        since = min(since, to_last)
    return since


def counts_of(indicator: Indicator, period: Period) -> int:
    """How many counts the parts of a denominator add up."""
    return month_ends(period) if indicator.mean is Mean.OF_MONTH_ENDS else 1


def month_ends(period: Period) -> int:
    """How many last days of a month have passed in a period that begins with a month."""
    after = period.last + timedelta(days=1)
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def figure_of(indicator: Indicator, found: Counted) -> Figure:
    """One figure as the contract of the command line has it: a mean as an exact fraction."""
    per = 100 if indicator.unit is Unit.PERCENT else 1
    return {
        "indicator": indicator.id,
        "definition_version": indicator.version,
        "source_status": indicator.source_status.value,
        "title": indicator.title["fr"],
        "unit": indicator.unit.value,
        "amounts": indicator.amounts.value,
        "numerator": found.numerator,
        "denominator": exact_of(found.denominator),
        "value": exact_quotient(Fraction(found.numerator * per), found.denominator),
        "computable": found.denominator != 0,
        "band": None,
        "definition_gap": None,
        "members": found.members,
        "left_out": found.left_out,
    }


def figures(
    cursor: duckdb.DuckDBPyConnection, names: Iterable[str], period: Period, known: KnownOn
) -> list[Figure]:
    """Each by the version in force, or by the one that its name says."""
    return [figure(cursor, chosen, period, known) for chosen in in_force(names, period.last)]


def utc(moment: datetime) -> datetime:
    """As the store has moments: UTC without offset."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _sum(cursor: duckdb.DuckDBPyConnection, sql: str, period: Period, known: KnownOn) -> int:
    ((total,),) = cursor.execute(
        f"SELECT coalesce(sum(amount), 0)::BIGINT FROM ({sql})", parameters(sql, period, known)
    ).fetchall()
    return int(total)


def _amounts(
    cursor: duckdb.DuckDBPyConnection, sql: str, period: Period, known: KnownOn
) -> list[int]:
    rows = cursor.execute(f"SELECT amount FROM ({sql})", parameters(sql, period, known)).fetchall()
    return [int(amount) for (amount,) in rows]
