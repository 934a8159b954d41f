"""A contract held against figures: year by year, what was aimed at and what was reached.

A year's figures are those of its signed return; where none is signed, today's, provisional. Only
figure and target of the same version of a definition are compared, on the exact quotient.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from psycopg import Cursor
from psycopg.rows import DictRow

from services.chassis.clock import day_of
from services.reporting.completeness import each_complete
from services.reporting.indicators.definition import Indicator, Unit
from services.reporting.indicators.register import editions
from services.reporting.objectives.contracts_by_year import Row
from services.reporting.quotients import fraction_of
from services.reporting.yearly_return import ReturnState

SELECT_SIGNED = """
SELECT year, return_version, figures, changes, recorded_at, despite FROM return_version
WHERE year = ANY(%s) AND recorded_at < %s ORDER BY year, return_version
"""
EVER = datetime(9999, 12, 31, tzinfo=UTC)


class NotCompared(StrEnum):
    """Why it is not said whether a target is reached."""

    NO_TARGET = "no-target"
    NO_FIGURE = "no-figure"
    NOT_COMPUTABLE = "not-computable"
    OTHER_DEFINITION = "other-definition"


@dataclass(frozen=True)
class YearFigure:
    """The figure of one year: from a signed return, or as it is now (`state` provisional).

    `is_complete`: nothing was or is missing of what it is reckoned from; `version`: of its return.
    """

    figure: Row
    state: ReturnState
    known_on: date
    is_over: bool = True
    is_complete: bool = True
    version: int | None = None

    def explained_at(self, year: int, name: str) -> str:
        """Its page: a signed one leads to the facts that it was signed on."""
        if self.version is None:
            return f"years/{year}/{name}"
        return f"returns/{year}/versions/{self.version}/{name.partition('@')[0]}"


@dataclass(frozen=True)
class FollowedYear:
    """`reached` is None where `why_not` says why nothing is compared."""

    year: int
    target: Row | None
    definition_version: int | None
    found: YearFigure | None
    reached: bool | None
    why_not: NotCompared | None


def signed_figures(
    rows: Cursor[DictRow], years: list[int], before: datetime = EVER
) -> dict[int, dict[str, YearFigure]]:
    """By year and indicator, the figures of each return as it was signed last before a moment."""
    found: dict[int, dict[str, YearFigure]] = {}
    restated: dict[int, set[str]] = {}
    for version in rows.execute(SELECT_SIGNED, (years, before)).fetchall():
        year = version["year"]
        changed = restated.setdefault(year, set())
        changed |= {change["indicator"] for change in version["changes"]}
        found[year] = of_version(version, changed)
    return found


def of_version(version: Row, changed: set[str]) -> dict[str, YearFigure]:
    """By indicator, the figures of one signed version; `changed`: those ever restated."""
    return {
        figure["indicator"]: YearFigure(
            figure,
            ReturnState.RESTATED if figure["indicator"] in changed else ReturnState.VALIDATED,
            day_of(version["recorded_at"]),
            is_complete=figure["complete"],
            version=version["return_version"],
        )
        for figure in each_complete(version["figures"], version["despite"] or ())
    }


def targets_in_force(objective: Row) -> dict[int, tuple[Row, int]]:
    """By year, the target and the version of the definition it was set by; the last word wins."""
    identity = objective["indicator"]
    return {
        target["year"]: (target, _set_by(identity, setting["definition_version"], target["year"]))
        for setting in objective["settings"]
        for target in setting["targets"]
    }


def _set_by(identity: str, latest: int, year: int) -> int:
    """Of the versions up to the latest that was known when a target was set, the one that counts
    its year.
    """
    last = date(year, 12, 31)
    known = (v for v in editions().get(identity, ()) if v.version <= latest)
    return max((v.version for v in known if v.valid_from <= last), default=latest)


def follow(
    objective: Row,
    indicator: Indicator,
    years: range,
    figures: Mapping[int, Mapping[str, YearFigure]],
) -> list[FollowedYear]:
    """Every year of the contract, its baseline year's included if it is among `years`."""
    targets = targets_in_force(objective)
    followed = []
    for year in years:
        target, version = targets.get(year, (None, None))
        found = figures.get(year, {}).get(indicator.id)
        why_not = _why_not_compared(target, version, found)
        reached = None
        if why_not is None and target is not None and found is not None:
            reached = within(target, value_of(found.figure, indicator))
        followed.append(FollowedYear(year, target, version, found, reached, why_not))
    return followed


def _why_not_compared(
    target: Row | None, version: int | None, found: YearFigure | None
) -> NotCompared | None:
    if target is None:
        return NotCompared.NO_TARGET
    if found is None:
        return NotCompared.NO_FIGURE
    if found.figure.get("value") is None:
        return NotCompared.NOT_COMPUTABLE
    if found.figure["definition_version"] != version:
        return NotCompared.OTHER_DEFINITION
    return None


def value_of(figure: Mapping[str, Any], indicator: Indicator) -> Fraction:
    """The exact value in the unit of the definition: percent, or what is counted (euros)."""
    numerator, denominator = (fraction_of(figure[side]) for side in ("numerator", "denominator"))
    if indicator.unit is Unit.PERCENT:
        return numerator / denominator * 100
    if indicator.unit is Unit.DAYS:
        return numerator / denominator
    return numerator / 100 if figure["amounts"] == "cents" else numerator


def within(target: Row, value: Fraction) -> bool:
    """Both bounds are themselves within."""
    low, high = target.get("at_least"), target.get("at_most")
    return (low is None or value >= Fraction(low)) and (high is None or value <= Fraction(high))
