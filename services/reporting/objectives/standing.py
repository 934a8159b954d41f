"""Where a contract stands: each objective with its targets and the figures of its years."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from services.reporting.completeness import lacks
from services.reporting.extent import log_from
from services.reporting.figures import counted_from, known_on, period_of, worked_on
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import indicator, indicators
from services.reporting.objectives.contracts_by_year import Row
from services.reporting.objectives.followed import (
    FollowedYear,
    YearFigure,
    follow,
    signed_figures,
)
from services.reporting.yearly_return import ReturnState

if TYPE_CHECKING:
    from services.reporting.service import Reporting


@dataclass(frozen=True)
class FollowedObjective:
    """An objective (`row`) and every year of the contract."""

    row: Row
    indicator: Indicator
    years: list[FollowedYear]

    def year(self, year: int) -> FollowedYear:
        return next(found for found in self.years if found.year == year)


@dataclass(frozen=True)
class ContractStanding:
    """A contract (`row`) with its objectives in the order of their indicators."""

    row: Row
    objectives: list[FollowedObjective]

    @property
    def years(self) -> range:
        return range(self.row["first_year"], self.row["last_year"] + 1)

    def looked_at(self, today: date, year: int | None = None) -> int:
        """A year of the contract: the one asked for, else the one that is worked on."""
        return max(self.years[0], min(self.years[-1], year or worked_on(today)))


def contract_standing(reporting: "Reporting", first_year: int) -> ContractStanding:
    """Reckoned now; figures of signed years are read from their returns. Errors: UnknownContract.

    A figure that this version of the code does not know any more has no objective shown.
    """
    row, objectives = reporting.contracts.one(first_year)
    years = range(row["first_year"], row["last_year"] + 1)
    chosen = {o["indicator"]: indicators().get(o["indicator"]) for o in objectives}
    wanted = [identity for identity, indicator in chosen.items() if indicator is not None]
    with reporting.datastore.reading() as rows:
        figures = signed_figures(rows, list(years))
    figures |= _as_they_are(reporting, [y for y in years if y not in figures], wanted)
    return ContractStanding(
        row,
        [
            FollowedObjective(objective, indicator, follow(objective, indicator, years, figures))
            for objective in objectives
            if (indicator := chosen[objective["indicator"]]) is not None
        ],
    )


def _as_they_are(
    reporting: "Reporting", years: list[int], wanted: list[str]
) -> dict[int, dict[str, YearFigure]]:
    """Today's figures of the years that have begun and that the log covers at least in part."""
    known = known_on(None, reporting.now())
    today = known.last_seen
    found: dict[int, dict[str, YearFigure]] = {}
    with reporting.store.read() as cursor:
        began = log_from(cursor, known)
        begun = [
            period_of(year, known)
            for year in years
            if began and today >= date(year, 1, 1) and began <= date(year, 12, 31)
        ]
        reckoned = reporting.reckoned.figures(cursor, wanted, begun, known)
        lacking = bool(begun) and any(lacks(reporting, cursor, begun[-1], known, ()))
    for period, figures in reckoned.items():
        is_over = today > date(period.last.year, 12, 31)
        for figure in figures:
            since = counted_from(indicator(figure["indicator"], period.last), period)
            whole = not lacking and began is not None and began <= since
            found.setdefault(period.last.year, {})[figure["indicator"]] = YearFigure(
                {**figure}, ReturnState.PROVISIONAL, today, is_over, whole
            )
    return found
