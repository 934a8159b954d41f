"""Policy data of follow-up: when the first-year visits of a new tenant are planned."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from dateutil.relativedelta import relativedelta

from contracts.followup import VisitKind


@dataclass(frozen=True)
class FirstYearVisits:
    """Months after the start of the lease, by kind of visit; `source` says where from."""

    valid_from: date
    months: dict[VisitKind, int]
    source: str

    def days(self, start_on: date) -> dict[VisitKind, date]:
        """The planned day of each visit; a month's end is clipped (31 January + 1 = 28 or 29)."""
        return {kind: start_on + relativedelta(months=n) for kind, n in self.months.items()}


@cache
def _rules() -> tuple[FirstYearVisits, ...]:
    text = Path(__file__).with_name("first_year_visits.toml").read_text("utf-8")
    return tuple(
        FirstYearVisits(
            rule["from"],
            {VisitKind(kind): months for kind, months in rule["months"].items()},
            rule["source"],
        )
        for rule in tomllib.loads(text)["rules"]
    )


def first_year_visits(start_on: date) -> dict[VisitKind, date]:
    """The days on which a tenant who starts on `start_on` is to be visited."""
    rule = [rule for rule in _rules() if rule.valid_from <= start_on][-1]
    return rule.days(start_on)
