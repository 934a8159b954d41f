"""What the arrears officer does with the steps that policy proposes, decided case by case.

A decision depends on the seed, the lease and the day alone: a day played again ends the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.demonstration.parameters import stream
from services.demonstration.steps import HandleWorkList

SHARE_AGREED: Final = 0.4
"""Of the plans proposed, how many a household agrees to; proposed, for want of a source."""
SHARE_SET_ASIDE: Final = 0.04
SHARE_PAUSED: Final = 0.03
SHARE_CALLED, SHARE_REACHED, SHARE_PROMISING = 0.15, 0.6, 0.6
PROMISED_WITHIN: Final = timedelta(days=10)
SHARE_ACCEPTING, SHARE_OBJECTING = 0.5, 0.15
"""Of the households to whom the CPAS is proposed; the others say nothing."""
LEAST_CENTS, INSTALMENTS = 2_500, 12
FIRST_OF_MONTH: Final = 5
"""Day of the month on which instalments are due, before the rent."""


@dataclass(frozen=True, slots=True)
class ProposedStep:
    """A case for which a step is proposed, as the work list shows it."""

    lease_id: UUID
    lease_reference: str
    step: str
    means: str
    owed_cents: int


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Take the step, with the others of its kind."""


@dataclass(frozen=True, slots=True)
class AgreePlan:
    """The household agrees to a plan."""

    instalment_cents: int
    first_due_on: date


@dataclass(frozen=True, slots=True)
class SetAside:
    """The officer knows better."""


@dataclass(frozen=True, slots=True)
class PauseCase:
    review_on: date


@dataclass(frozen=True, slots=True)
class ResumeCase:
    """The day has come on which a pause is looked at again: it is over."""


@dataclass(frozen=True, slots=True)
class Call:
    """The officer telephones; who is reached may promise all that is owed by a day."""

    reached: bool
    promised_by: date | None


Decision = TakeStep | AgreePlan | SetAside | PauseCase | ResumeCase


def decide(step: HandleWorkList, day: date, proposed: ProposedStep) -> Decision:
    """Most steps are taken; of the plans proposed a share is agreed to, where something is owed."""
    chance = stream(step.seed, "work list", proposed.lease_reference, day)
    fate = chance.random()
    if proposed.means == "pause-review":
        return ResumeCase()
    owing = proposed.owed_cents > 0
    if proposed.means == "plan-proposed" and owing and fate < SHARE_AGREED:
        instalment = max(LEAST_CENTS, -(-proposed.owed_cents // INSTALMENTS // 500) * 500)
        return AgreePlan(instalment, _month_after(day))
    if fate > 1 - SHARE_SET_ASIDE:
        return SetAside()
    if fate > 1 - SHARE_SET_ASIDE - SHARE_PAUSED:
        return PauseCase(day + timedelta(days=chance.randint(14, 45)))
    return TakeStep()


def call(step: HandleWorkList, day: date, proposed: ProposedStep) -> Call | None:
    """Some households that owe are telephoned before the step is decided of."""
    chance = stream(step.seed, "call", proposed.lease_reference, day)
    if proposed.owed_cents <= 0 or chance.random() >= SHARE_CALLED:
        return None
    reached = chance.random() < SHARE_REACHED
    promises = reached and chance.random() < SHARE_PROMISING
    return Call(reached, day + PROMISED_WITHIN if promises else None)


def word_on_transfer(step: HandleWorkList, proposed: ProposedStep) -> str | None:
    """What a household says to the CPAS being told of its debt: `accepted`, `objected`, nothing."""
    fate = stream(step.seed, "transfer", proposed.lease_reference).random()
    if fate < SHARE_ACCEPTING:
        return "accepted"
    return "objected" if fate > 1 - SHARE_OBJECTING else None


def _month_after(day: date) -> date:
    following = day.replace(day=28) + timedelta(days=7)
    return following.replace(day=FIRST_OF_MONTH)
