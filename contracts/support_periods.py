"""Facts that follow-up publishes: periods of support, opened with a household and closed.

A period is open on the evening of a day from `opened_on` on, and no more on that of `closed_on` or
`ends_on`, whichever comes first (as a lease and its last day).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.words import Fact, HouseholdId

SupportPeriodId = Annotated[UUID, Field(description="The period, from its opening to its end.")]


class SupportAxis(StrEnum):
    """What a household is supported in: the référent's three axes (S01)."""

    HOUSING_EDUCATION = "housing-education"
    ARREARS_PREVENTION = "arrears-prevention"
    REHOUSING_SUPPORT = "rehousing-support"


class SupportOutcome(StrEnum):
    """How a period of support ended; `continues`: support goes on in another form."""

    AUTONOMOUS = "autonomous"
    CONTINUES = "continues"
    REFERRED = "referred"
    DROPPED = "dropped"
    LEFT_DWELLING = "left-dwelling"
    DECEASED = "deceased"


class SupportPeriodOpened(Fact):
    """A household and the company agreed on a period of support (BR-12: no agreement, no period).

    Each opening is one period: an intensive one that goes on is opened anew (BR-09).
    """

    TYPE: ClassVar[str] = "followup.support-period-opened"
    period_id: SupportPeriodId
    household_id: HouseholdId
    axis: SupportAxis
    """What the household is supported in."""
    intensive: bool
    """Whether it is one of the funded periods of six months."""
    agreed_on: date
    """The day on which the household agreed, on or before `opened_on`."""
    opened_on: date
    """The first day of the period; it may be recorded later."""
    ends_on: date | None = None
    """The day on which an intensive period ends by itself, six months after `opened_on` (BR-09);
    absent for another, which lasts until it is closed. Nothing else is recorded on that day."""


class SupportPeriodClosed(Fact):
    """A period of support was closed, with what came of it. At most one stands for a period.

    An intensive period that has ended by itself is closed later, for its outcome, with a
    `closed_on` that is not after its end.
    """

    TYPE: ClassVar[str] = "followup.support-period-closed"
    period_id: SupportPeriodId
    household_id: HouseholdId
    closed_on: date
    """From the evening of this day on the period is no longer open."""
    outcome: SupportOutcome
    """How it ended."""
    agreement_withdrawn: bool
    """Whether it was closed because the household withdrew its agreement."""
    because: str | None = None
    """Id of the fact that led to it (a lease that a death ended); absent when a person did."""
