"""The player goes through the doors alone, and no rule of the domain forbids what it does."""

from collections import Counter
from datetime import date
from uuid import UUID, uuid5

import pytest

from services.demonstration.arrears_visits import (
    Missed,
    OpenArrearsVisit,
    Planned,
    Recorded,
    decide,
)
from services.demonstration.company import DemonstrationCompany
from services.demonstration.player import play
from services.demonstration.steps import HandleArrearsVisits
from services.demonstration.truth import Truth

STEP = HandleArrearsVisits(seed=1, share_planned=0.3, share_recorded=0.5, share_missed=0.2)


def visit_of(lease: str, planned_on: date | None = None) -> OpenArrearsVisit:
    ids = [uuid5(UUID(int=n), lease) for n in (3, 4, 5)]
    return OpenArrearsVisit(*ids, lease, planned_on)


@pytest.fixture(scope="module", params=[(20, 3, 1), (45, 6, 2), (200, 12, 1)])
def walk(request, domain_doors):
    leases, months, seed = request.param
    company = DemonstrationCompany(leases=leases, months=months, seed=seed)
    doors = domain_doors(company.parameters.slug)
    told: list[date] = []
    play(company, doors, told.append)
    return company, doors, told


def test_no_rule_of_the_services_forbids_any_step(walk):
    company, doors, told = walk
    assert told == [page.day for page in company.days()]
    assert doors.begun == [page.day for page in company.days() if page.steps]
    assert len(doors.begun) < len(told)
    assert len(set(doors.keys)) == len(doors.keys)


def test_the_accounts_come_to_what_the_generator_knows(walk):
    company, doors, _ = walk
    truth = Truth(company.days())
    assert doors.arrears_on(company.last_day) == truth.arrears_on(company.last_day)
    unmatched = sorted(cents for _, cents in doors.unmatched)
    assert unmatched == sorted(truth.unmatched_on(company.last_day).values())


def test_leases_in_force_are_those_the_generator_knows(walk):
    company, doors, _ = walk
    in_force = {
        reference
        for reference, lease in doors.leases.items()
        if not lease.withdrawn
        and lease.terms.start_on <= company.last_day
        and (lease.ended_on is None or lease.ended_on > company.last_day)
    }
    assert in_force == set(Truth(company.days()).leases_in_force(company.last_day))


def test_what_is_not_due_yet_or_not_known_yet_does_not_count(one_year):
    truth, last = one_year.truth, one_year.company.last_day
    begun = one_year.company.first_day
    assert truth.arrears_on(begun) == {}
    late = {len(truth.arrears_on(last, day)) for day in (begun, last)}
    assert len(late) == 2
    assert truth.arrears_on(last, last) == truth.arrears_on(last)


class Stopped(Exception):
    """The play is interrupted after a day."""


def test_a_play_that_was_stopped_goes_on_to_the_same_end(one_year, domain_doors):
    company, last_done = one_year.company, date(2025, 6, 30)
    whole, in_two = domain_doors(company.parameters.slug), domain_doors(company.parameters.slug)
    play(company, whole)

    def stop(day):
        if day == last_done:
            raise Stopped

    with pytest.raises(Stopped):
        play(company, in_two, stop)
    assert in_two.begun[-1] == last_done
    play(company, in_two, start=date(2025, 7, 1))
    assert in_two.keys == whole.keys
    assert in_two.begun == whole.begun
    assert in_two.arrears_on(company.last_day) == whole.arrears_on(company.last_day)


def test_a_play_that_was_stopped_while_a_day_began_has_told_of_all_days_before(
    one_year, domain_doors
):
    company, told = one_year.company, []
    whole, in_two = domain_doors(company.parameters.slug), domain_doors(company.parameters.slug)
    play(company, whole)
    begin = in_two.begin_day

    def begin_but_for_one(day):
        if day == date(2025, 6, 30):
            raise Stopped
        begin(day)

    in_two.begin_day = begin_but_for_one
    with pytest.raises(Stopped):
        play(company, in_two, told.append)
    assert told[-1] == date(2025, 6, 29)
    in_two.begin_day = begin
    play(company, in_two, start=date(2025, 6, 30))
    assert in_two.keys == whole.keys
    assert in_two.begun == whole.begun


def test_what_officers_decide_depends_on_the_visit_and_the_day_alone(domain_doors):
    company = DemonstrationCompany(leases=20, months=3)
    visits = [visit_of(f"B2020-{n:04d}") for n in range(60)]
    acts = []
    for order in (visits, visits[::-1]):
        doors = domain_doors(company.parameters.slug)
        doors.visits = order
        play(company, doors)
        acts.append(doors.arrears_acts)
    assert acts[0] == acts[1]
    assert acts[0]


def test_proposed_visits_are_planned_ahead_and_planned_ones_made_or_missed():
    day = date(2025, 3, 4)
    proposed = [decide(STEP, day, visit_of(f"L{n}")) for n in range(1000)]
    due = [decide(STEP, day, visit_of(f"L{n}", date(2025, 3, 3))) for n in range(1000)]
    ahead = [decide(STEP, day, visit_of(f"L{n}", date(2025, 3, 5))) for n in range(1000)]
    shares = Counter(type(act).__name__ for act in proposed + due)
    assert abs(shares["Planned"] - 300) < 60
    assert abs(shares["Recorded"] - 500) < 60
    assert abs(shares["Missed"] - 200) < 60
    assert all(act is None or act.planned_on > day for act in proposed)
    assert {act.done_on for act in due if isinstance(act, Recorded)} == {date(2025, 3, 3)}
    assert {act.missed_on for act in due if isinstance(act, Missed)} == {date(2025, 3, 3)}
    assert {type(act) for act in proposed} == {Planned, type(None)}
    assert set(ahead) == {None}
