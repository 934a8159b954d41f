"""What officers do with the arrears visits that follow-up proposes, decided visit by visit.

A decision depends on the seed, the lease and the day alone, never on the order in which visits
are listed: a day that is played again ends the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from contracts.followup import AbsenceReason, VisitPlace, VisitResult
from services.demonstration.bank_days import bank_day_from
from services.demonstration.parameters import stream
from services.demonstration.steps import HandleArrearsVisits


@dataclass(frozen=True, slots=True)
class OpenArrearsVisit:
    """An arrears visit that follow-up lists as open; planned_on None: only proposed."""

    visit_id: UUID
    household_id: UUID
    lease_id: UUID
    lease_reference: str
    planned_on: date | None


@dataclass(frozen=True, slots=True)
class Planned:
    planned_on: date


@dataclass(frozen=True, slots=True)
class Recorded:
    done_on: date
    place: VisitPlace
    result: VisitResult
    by: str


@dataclass(frozen=True, slots=True)
class Missed:
    missed_on: date
    reason: AbsenceReason


def decide(
    step: HandleArrearsVisits, day: date, visit: OpenArrearsVisit
) -> Planned | Recorded | Missed | None:
    """Plan a share of the proposed visits; of the planned ones whose day has come record a share,
    miss a share, and leave the rest for another day.
    """
    chance = stream(step.seed, "arrears visit", visit.lease_reference, day)
    fate = chance.random()
    if visit.planned_on is None:
        if fate >= step.share_planned:
            return None
        return Planned(bank_day_from(day + timedelta(days=chance.randint(4, 15))))
    if visit.planned_on > day:
        return None
    if fate < step.share_recorded:
        (place,) = chance.choices((VisitPlace.HOME, VisitPlace.OFFICE), (80, 20))
        (result,) = chance.choices(
            (VisitResult.ADVICE_GIVEN, VisitResult.FOLLOW_UP_NEEDED, VisitResult.REFERRED),
            (45, 35, 20),
        )
        return Recorded(visit.planned_on, place, result, f"agent-{chance.randint(1, 2):02d}")
    if fate < step.share_recorded + step.share_missed:
        (reason,) = chance.choices(list(AbsenceReason), (60, 25, 15))
        return Missed(visit.planned_on, reason)
    return None
