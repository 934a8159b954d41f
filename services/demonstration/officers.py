"""What the company's officers do for new tenants: welcome meetings and first-year visits."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from contracts.intake import WelcomeMode
from services.demonstration.bank_days import bank_day_from
from services.demonstration.parameters import Parameters
from services.demonstration.steps import HoldWelcome, MissVisit, RecordVisit, Step
from services.demonstration.tenancies import Tenancy
from services.followup.policy import first_year_visits

LEASES_AN_OFFICER: Final = 260
"""A company of 1,570 leases has 1 or 2 référents and 3 to 10 colleagues who visit, section 5."""

RESULTS: Final = {
    VisitResult.ALL_WELL: 58,
    VisitResult.ADVICE_GIVEN: 24,
    VisitResult.FOLLOW_UP_NEEDED: 12,
    VisitResult.REFERRED: 6,
}


def officer(parameters: Parameters, chance: Random) -> str:
    """A pseudonym: no officer is named."""
    return f"agent-{chance.randint(1, max(2, parameters.leases // LEASES_AN_OFFICER)):02d}"


def acts_for(parameters: Parameters, tenancy: Tenancy) -> Iterator[tuple[date, Step]]:
    """Welcome and first-year visits of a tenancy, each with the day on which it is recorded.

    Facts: a household that moves inside the company is no new tenant (BR-24), and of imported
           stock only the visits whose day has not passed are made.
    """
    if tenancy.transfer_of is not None or tenancy.withdrawn_on is not None:
        return
    if tenancy.signed_on is not None:
        yield from _welcome(parameters, tenancy)
    for kind, planned_on in first_year_visits(tenancy.start_on).items():
        over = tenancy.ended_on is not None and planned_on > tenancy.ended_on
        if planned_on >= parameters.first_day and not over:
            yield from _visit(parameters, tenancy, kind, planned_on)


def _welcome(parameters: Parameters, tenancy: Tenancy) -> Iterator[tuple[date, Step]]:
    """Nine in ten within 30 days, some later, a few never; proposed, for want of a source."""
    assert tenancy.signed_on is not None
    chance = parameters.stream("welcome", tenancy.reference)
    kind = chance.random()
    days = chance.randint(0, 24) if kind < 0.90 else chance.randint(34, 75)
    held_on = bank_day_from(max(tenancy.start_on + timedelta(days=days), tenancy.signed_on))
    (mode,) = chance.choices(list(WelcomeMode), (70, 24, 6))
    recorded_on = bank_day_from(held_on + timedelta(days=chance.choice((0, 0, 0, 1, 3))))
    if kind < 0.97 and not _ended_before(tenancy, held_on):
        yield recorded_on, HoldWelcome(tenancy.reference, held_on, mode)


def _visit(
    parameters: Parameters, tenancy: Tenancy, kind: VisitKind, planned_on: date
) -> Iterator[tuple[date, Step]]:
    chance = parameters.stream("visit", tenancy.reference, kind)
    if tenancy.late_visit is not None:
        # The visit that is recorded late is the first one made: figures differ until then.
        if kind is VisitKind.M6:
            done_on, recorded_on = tenancy.late_visit
            made = RecordVisit(
                tenancy.reference, kind, done_on, VisitPlace.HOME, VisitResult.ALL_WELL, "agent-01"
            )
            yield recorded_on, made
        if kind is not VisitKind.M12:
            return
    fate = chance.random()
    day = bank_day_from(max(planned_on, tenancy.signed_on or parameters.first_day))
    earliest = day
    if fate > 0.90:
        return
    if fate > 0.74:
        (reason,) = chance.choices(list(AbsenceReason), (60, 30, 10))
        by = officer(parameters, chance)
        missed_on = bank_day_from(day + timedelta(days=chance.randint(0, 3)))
        yield missed_on, MissVisit(tenancy.reference, kind, missed_on, reason, by)
        if fate > 0.84:
            return
        earliest = bank_day_from(missed_on + timedelta(days=chance.randint(7, 28)))
    done_on = bank_day_from(earliest + timedelta(days=chance.randint(0, 10)))
    recorded_on = bank_day_from(done_on + timedelta(days=chance.choice((0, 0, 0, 1, 2, 6))))
    if not _ended_before(tenancy, done_on):
        yield recorded_on, _made(parameters, tenancy, kind, done_on, chance)


def _made(
    parameters: Parameters, tenancy: Tenancy, kind: VisitKind, done_on: date, chance: Random
) -> RecordVisit:
    (place,) = chance.choices(list(VisitPlace), (90, 6, 4))
    (result,) = chance.choices(list(RESULTS), list(RESULTS.values()))
    by = officer(parameters, chance)
    return RecordVisit(tenancy.reference, kind, done_on, place, result, by)


def _ended_before(tenancy: Tenancy, day: date) -> bool:
    return tenancy.ended_on is not None and tenancy.ended_on < day
