"""The region's table of a year: companies beside one another, from their published returns alone.

No fact of a person is read, and no figure that its company has not signed: the read model of
returns is all there is here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.chassis.clock import day_of
from services.chassis.companies import Company
from services.chassis.place import Place
from services.chassis.refusal import Malformed
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import indicators
from services.reporting.quotients import quotient
from services.reporting.region.perimeter import is_within
from services.reporting.region.small_cells import Figure, Shown, is_median, shown_of

DUE_ON = (6, 30)
"""Month and day of the next year on which a return is due: to be confirmed, no source states it."""
SELECT_YEAR = """
SELECT v.figures, v.return_version, v.recorded_at, v.despite FROM return_version v
WHERE v.year = %s ORDER BY v.return_version
"""
SELECT_PREPARED = "SELECT 1 FROM yearly_return WHERE year = %s"


class Handed(StrEnum):
    """Where a company is with its return of a year."""

    PUBLISHED = "published"
    RESTATED = "restated"
    PROVISIONAL = "provisional"
    MISSING = "missing"


@dataclass(frozen=True)
class CompanyRow:
    """One company: `shown` by indicator; `published` counts the figures of its return;
    `reservations`: how many things its last version was signed in spite of, whose sentences may
    tell of small cells; `province`: of its seat, if it says which.
    """

    company: str
    name: str
    province: str | None
    handed: Handed
    is_late: bool
    signed_on: date | None
    return_version: int | None
    published: int
    shown: Shown
    reservations: int = 0


@dataclass(frozen=True)
class Total:
    """What is shown of one indicator, added up: of how many companies, by which definition.

    A median has none: medians do not add up.
    """

    numerator: int
    denominator: int
    value: str | None
    companies: int
    definition_version: int
    amounts: str


@dataclass(frozen=True)
class ComparableTable:
    """`outside`: names of the companies here that are not of the region's perimeter."""

    year: int
    due_on: date
    indicators: list[Indicator]
    rows: list[CompanyRow]
    outside: tuple[str, ...] = ()

    @property
    def handed_in(self) -> int:
        return sum(1 for row in self.rows if row.published)

    def total(self, identity: str) -> Total | None:
        """Of the companies whose figure is shown and of the version that most of them have."""
        found = [row.shown[identity] for row in self.rows if identity in row.shown]
        if not found or any(is_median(figure) for figure in found):
            return None
        versions = [figure["definition_version"] for figure in found]
        common = max(set(versions), key=lambda version: (versions.count(version), version))
        alike = [figure for figure in found if figure["definition_version"] == common]
        above, below = (sum(f[side] for f in alike) for side in ("numerator", "denominator"))
        value, amounts = quotient(above, below), alike[0]["amounts"]
        return Total(above, below, value, len(alike), common, amounts)


def comparable_table(host: Place, year: int, today: date) -> ComparableTable:
    """Every company of this process and of the region's perimeter, in the order of their names.

    Errors: Malformed for a year that has not begun: nobody's return of it is missing.
    """
    if year > today.year:
        raise Malformed(
            f"L'année {year} n'a pas commencé\u00a0: aucune déclaration n'en est attendue.",
            [{"field": "year", "reason": "Indiquez une année qui a commencé."}],
        )
    due_on = date(year + 1, *DUE_ON)
    rows, outside = [], []
    for company in host.register:
        if not is_within(company):
            outside.append(company.name)
            continue
        with host.service(company.slug).datastore.reading() as reading:
            versions = reading.execute(SELECT_YEAR, (year,)).fetchall()
            prepared = bool(reading.execute(SELECT_PREPARED, (year,)).fetchone())
        rows.append(company_row(company, versions, prepared, due_on, today))
    rows.sort(key=lambda row: (row.name, row.company))
    names = tuple(sorted(outside))
    return ComparableTable(year, due_on, list(indicators().values()), rows, names)


def company_row(
    company: Company, versions: list[dict[str, Any]], prepared: bool, due_on: date, today: date
) -> CompanyRow:
    """One company's row, from every version of its return, the first one first."""
    if not versions:
        handed = Handed.PROVISIONAL if prepared else Handed.MISSING
        late = today > due_on
        of_whom = company.slug, company.name, company.province
        return CompanyRow(*of_whom, handed, late, None, None, 0, {})
    last = versions[-1]
    return CompanyRow(
        company.slug,
        company.name,
        company.province,
        Handed.RESTATED if last["return_version"] > 1 else Handed.PUBLISHED,
        day_of(versions[0]["recorded_at"]) > due_on,
        day_of(last["recorded_at"]),
        last["return_version"],
        len(last["figures"]),
        shown_of([_whole(version["figures"]) for version in versions]),
        len(last["despite"] or ()),
    )


def _whole(figures: Iterable[Figure]) -> list[Figure]:
    """Figures whose sides are numbers: an exact mean is not added up, and so not compared."""
    return [
        f for f in figures if isinstance(f["numerator"], int) and isinstance(f["denominator"], int)
    ]
