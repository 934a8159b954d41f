"""The delays that the law sets between the steps of the legal path, and the days they give."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import holidays
from dateutil.relativedelta import relativedelta

from services.arrears.legal.legal_path import LegalPath


@dataclass(frozen=True, slots=True)
class Delays:
    """Calendar days and months, and working days before an eviction; `source`: the law.

    `follow_up_days`: the company's own, where the law sets no day.
    """

    valid_from: date
    cpas_told_days: int
    cpas_objection_days: int
    service_months: int
    warning_working_days: int
    follow_up_days: int
    follow_up_source: str
    source: str

    def earliest_eviction(self, served_on: date, judge_says: date | None) -> date:
        """A month after service, unless the judge says otherwise (BR-07)."""
        return judge_says or served_on + relativedelta(months=self.service_months)

    def warned_in_time_until(self, evict_on: date) -> date:
        """The last day on which a tenant may be told of an eviction (BR-08)."""
        closed = holidays.country_holidays("BE", years=(evict_on.year - 1, evict_on.year))
        day, left = evict_on, self.warning_working_days
        while left:
            day -= timedelta(days=1)
            left -= day.weekday() < 5 and day not in closed
        return day


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that the law gives, `what` it is for and where that is written."""

    what: str
    on: date
    source: str


@cache
def _rules() -> tuple[Delays, ...]:
    text = Path(__file__).with_name("deadlines.toml").read_text("utf-8")
    return tuple(
        Delays(valid_from=rule.pop("from"), **rule) for rule in tomllib.loads(text)["rules"]
    )


def delays_on(day: date) -> Delays:
    """The rules of a day; before the first of them, those."""
    first, *later = _rules()
    return [first, *(rule for rule in later if rule.valid_from <= day)][-1]


def deadlines_of(case: LegalPath) -> list[Deadline]:
    """What the law sets from what was recorded, in the order of the days."""
    found: list[Deadline] = []
    if case.petition is not None:
        filed_on = case.petition.filed_on
        delays = delays_on(filed_on)
        told_on = filed_on + timedelta(days=delays.cpas_told_days)
        answered_by = told_on + timedelta(days=delays.cpas_objection_days)
        found.append(Deadline("Le greffe prévient le CPAS", told_on, delays.source))
        words = "Dernier jour pour que le locataire s'oppose à cet avis"
        found.append(Deadline(words, answered_by, delays.source))
    authorised = case.judgment is not None and case.judgment.eviction_authorised
    if case.service is not None and authorised:
        source = delays_on(case.service.served_on).source
        day = case.service.earliest_eviction_on
        if case.judgment is not None and case.judgment.no_eviction_before is not None:
            source = "Jugement"
        found.append(Deadline("Fin du délai avant une expulsion", day, source))
    if case.eviction is not None:
        day = case.eviction.evict_on
        delays = delays_on(day)
        until = delays.warned_in_time_until(day)
        words = "Dernier jour pour que l'huissier annonce l'expulsion"
        found.append(Deadline(words, until, delays.source))
        found.append(Deadline("Expulsion fixée par l'huissier", day, "Huissier"))
    return sorted(found, key=lambda deadline: deadline.on)
