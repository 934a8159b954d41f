"""Which households agree to be supported after an arrears visit, and how their periods end.

A decision depends on the seed, the lease and the days alone, never on the order of a list: a day
that is played again ends the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from contracts.support_periods import SupportAxis, SupportOutcome
from services.demonstration.parameters import stream

SHARE_AGREEING: Final = 0.2
"""Of those who owe three months and were visited, how many agree each time that they are asked;
so that about 100 of 1,570 households are supported in a year, and 15 to 25 periods are intensive
(domain section 5, S01 and S05).
"""
SHARE_INTENSIVE: Final = 0.25
VISITED_WITHIN, REST = timedelta(days=365), timedelta(days=60)
SHARE_RUNNING_OUT: Final = 0.15
"""Of the periods, how many nobody closes before their six months are over; proposed."""
AXES: Final = {
    SupportAxis.ARREARS_PREVENTION: 80,
    SupportAxis.HOUSING_EDUCATION: 15,
    SupportAxis.REHOUSING_SUPPORT: 5,
}
OUTCOMES: Final = {
    SupportOutcome.AUTONOMOUS: 40,
    SupportOutcome.CONTINUES: 20,
    SupportOutcome.REFERRED: 20,
    SupportOutcome.DROPPED: 20,
}
SHARE_WITHDRAWING: Final = 0.5
"""Of the periods that are dropped, how many because the household withdraws its agreement."""
SHORTEST_DAYS, LONGEST_DAYS, OVER_DAYS = 45, 170, 200


@dataclass(frozen=True, slots=True)
class Late:
    """A lease in force that owes three months or more."""

    lease_id: UUID
    household_id: UUID
    lease_reference: str


@dataclass(frozen=True, slots=True)
class HouseholdSeen:
    """Of a household's file: its last arrears visit that was made, and its last closed period."""

    visited_on: date | None
    supported_until: date | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A household agrees to a period that begins on a day."""

    axis: SupportAxis
    intensive: bool
    on: date


@dataclass(frozen=True, slots=True)
class Period:
    """A period as the list of open ones tells it; `ends_on` of an intensive one."""

    period_id: UUID
    household_id: UUID
    lease_reference: str
    opened_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Closed:
    closed_on: date
    outcome: SupportOutcome


@dataclass(frozen=True, slots=True)
class AgreementWithdrawn:
    withdrawn_on: date


def agree(seed: int, day: date, late: Late) -> Agreed | None:
    """Whether a household that is asked on a day agrees to be supported."""
    chance = stream(seed, "support", late.lease_reference, day)
    if chance.random() >= SHARE_AGREEING:
        return None
    (axis,) = chance.choices(list(AXES), list(AXES.values()))
    return Agreed(axis, chance.random() < SHARE_INTENSIVE, day)


def may_be_asked(file: HouseholdSeen, day: date) -> bool:
    """Whether an arrears visit was made in the year before, and no period has just ended."""
    visited, over = file.visited_on, file.supported_until
    rested = over is None or over <= day - REST
    return rested and visited is not None and day - VISITED_WITHIN <= visited <= day


def end(seed: int, day: date, period: Period) -> Closed | AgreementWithdrawn | None:
    """How a period ends that has lasted long enough, if it is looked at on a day."""
    chance = stream(seed, "end of support", period.lease_reference, period.opened_on)
    lasts = chance.randint(SHORTEST_DAYS, LONGEST_DAYS)
    if chance.random() < SHARE_RUNNING_OUT:
        lasts = OVER_DAYS
    (outcome,) = chance.choices(list(OUTCOMES), list(OUTCOMES.values()))
    if day < period.opened_on + timedelta(days=lasts):
        return None
    on = min(day, period.ends_on or day)
    if outcome is SupportOutcome.DROPPED and chance.random() < SHARE_WITHDRAWING:
        return AgreementWithdrawn(on)
    return Closed(on, outcome)
