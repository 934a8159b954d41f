"""A figure over time: at the end of each month of its year, and in the years before it.

The same facts and moment as the figure itself, each with another last day, by the version of the
definition that is in force on it; asked for by one version, all by that one. A year before it whose
return was signed by then has the figure that was signed, by the definition that counted it, unless
another one was asked for; the year itself has what its page says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from duckdb import DuckDBPyConnection

from services.reporting.extent import log_from
from services.reporting.figures import YEARS, KnownOn, Period, counted_from, same_day
from services.reporting.indicators.register import indicator
from services.reporting.objectives.followed import YearFigure
from services.reporting.reckoned import Reckoned
from services.reporting.yearly_return import ReturnState

YEARS_BEFORE = 4
"""As many as a contract and the report of a return show with the last one."""


@dataclass(frozen=True)
class Point:
    """A figure from the first day of a year up to a day of it."""

    period: Period
    found: YearFigure


@dataclass(frozen=True)
class Series:
    """What ended before the log began is left out of both; so are months that are not over.

    `before_the_log`: months are over, and the log covers none of them.
    """

    months: list[Point]
    years: list[Point]
    before_the_log: bool


def series(
    cursor: DuckDBPyConnection,
    reckoned: Reckoned,
    name: str,
    period: Period,
    known: KnownOn,
    signed: Mapping[int, Mapping[str, YearFigure]],
    *,
    to_its_day: bool,
) -> Series:
    """`signed`: figures of returns as they were signed by then; `to_its_day`: the years before end
    on the same day as this one, and not with December.
    """
    chosen = indicator(name, period.last)
    began = log_from(cursor, known)
    over = list(_months(period, known))
    months = [p for p in over if began and began <= p.last]
    before = [p for p in _years_before(period, to_its_day) if began and began <= p.last]
    found = reckoned.figures(cursor, [name], dict.fromkeys([*months, *before, period]), known)

    def as_known(p: Period) -> Iterator[Point]:
        for figure in found[p]:
            since = counted_from(indicator(name, p.last), p)
            whole = began is not None and began <= since
            state, day = ReturnState.PROVISIONAL, known.last_seen
            yield Point(p, YearFigure({**figure}, state, day, is_complete=whole))

    def of_year(p: Period) -> Iterator[Point]:
        own = signed.get(p.last.year, {}).get(chosen.id)
        if own and is_whole(p) and counts(own, p):
            yield Point(p, own)
        else:
            yield from as_known(p)

    def counts(own: YearFigure, p: Period) -> bool:
        if p == period:
            return _same(own.figure, found[p][0])
        is_of_one = name.upper() == chosen.name
        return not is_of_one or own.figure["definition_version"] == chosen.version

    return Series(
        [point for p in months for point in as_known(p)],
        [point for p in (*before, period) for point in of_year(p)],
        bool(over) and not months,
    )


def _months(period: Period, known: KnownOn) -> Iterator[Period]:
    """Up to the end of each month that is over."""
    for month in range(1, 13):
        last = date(period.first.year, month, 1) + relativedelta(months=1, days=-1)
        if last <= min(period.last, known.last_over):
            yield Period(period.first, last)


def _years_before(period: Period, to_its_day: bool) -> Iterator[Period]:
    year = period.first.year
    for other in range(max(YEARS[0], year - YEARS_BEFORE), year):
        last = same_day(period.last, other) if to_its_day else date(other, 12, 31)
        yield Period(date(other, 1, 1), last)


def is_whole(period: Period) -> bool:
    return (period.last.month, period.last.day) == (12, 31)


def _same(signed: Mapping[str, object], today: Mapping[str, object]) -> bool:
    names = ("definition_version", "numerator", "denominator")
    return all(signed[name] == today[name] for name in names)
