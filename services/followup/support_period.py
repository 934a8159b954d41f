"""A period of support as its household's file knows it, and what forbids acts on it."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from dateutil.relativedelta import relativedelta

from contracts.support_periods import SupportAxis, SupportOutcome
from services.chassis.refusal import Malformed, NotFound, Refusal

INTENSIVE: Final = relativedelta(months=6)
"""How long an intensive period lasts (BR-09 [S05]); a month's end is clipped."""


class HouseholdHasNotAgreed(Refusal):
    slug = "household-has-not-agreed"
    title = "Accord du ménage manquant"


class SupportPeriodOverlaps(Refusal):
    slug = "support-period-overlaps"
    title = "Accompagnement déjà en cours"


class SupportPeriodAlreadyClosed(Refusal):
    slug = "support-period-already-closed"
    title = "Accompagnement déjà clos"


class SupportPeriodNotClosed(Refusal):
    slug = "support-period-not-closed"
    title = "Accompagnement non clos"


class UnknownSupportPeriod(NotFound):
    slug = "unknown-support-period"
    title = "Accompagnement inconnu"


class SupportDayNotPossible(Malformed):
    slug = "support-day-not-possible"
    title = "Date d'accompagnement impossible"

    def __init__(self, field_name: str, detail: str) -> None:
        super().__init__(detail, [{"field": field_name, "reason": detail}])


@dataclass(frozen=True)
class SupportTerms:
    """What a household agreed to, and on which day.

    `ends_on`: the day on which an intensive period ends by itself, as it was reckoned at the time.
    """

    axis: SupportAxis
    intensive: bool
    agreed_on: date
    opened_on: date
    ends_on: date | None

    @classmethod
    def agreed(
        cls, axis: SupportAxis, intensive: bool, agreed_on: date, opened_on: date
    ) -> "SupportTerms":
        """New terms, with the end that today's rule gives them (BR-09)."""
        ends_on = opened_on + INTENSIVE if intensive else None
        return cls(axis, intensive, agreed_on, opened_on, ends_on)


@dataclass(frozen=True)
class Closure:
    """`version` is that of the event that a correction names; `because` the fact that led to it."""

    closed_on: date
    outcome: SupportOutcome
    agreement_withdrawn: bool
    because: str | None
    version: int


@dataclass
class SupportPeriod:
    """One period; `opened_version` is the version of the event that a correction names."""

    period_id: UUID
    terms: SupportTerms
    opened_version: int
    closure: Closure | None = None
    withdrawn: bool = False

    @property
    def until(self) -> date:
        """The first evening on which it is no longer open; `date.max` when nobody knows one."""
        closed_on = self.closure.closed_on if self.closure else date.max
        return min(closed_on, self.terms.ends_on or date.max)

    def overlaps(self, terms: SupportTerms, until: date) -> bool:
        """Whether it is of the same kind and has an evening in common with such a period.

        An intensive one may run within a longer one that is not: they are counted apart (BR-10).
        """
        alike = (self.terms.axis, self.terms.intensive) == (terms.axis, terms.intensive)
        return alike and terms.opened_on < self.until and self.terms.opened_on < until
