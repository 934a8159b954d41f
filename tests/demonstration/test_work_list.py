"""What the officer decides of a proposed step depends on the seed, the lease and the day alone."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.demonstration.steps import HandleWorkList
from services.demonstration.work_list import (
    SHARE_AGREED,
    SHARE_CALLED,
    AgreePlan,
    Call,
    PauseCase,
    ProposedStep,
    ResumeCase,
    SetAside,
    TakeStep,
    call,
    decide,
    word_on_transfer,
)

DAY = date(2025, 3, 12)


def proposed(number=1, step="first-reminder", means="reminder", owed_cents=90_000):
    return ProposedStep(UUID(int=number), f"B{number}", step, means, owed_cents)


def test_the_same_case_on_the_same_day_is_decided_alike():
    step = HandleWorkList(seed=1)
    assert decide(step, DAY, proposed()) == decide(step, DAY, proposed())
    later = [decide(step, DAY + timedelta(days=n), proposed()) for n in range(200)]
    assert {type(each) for each in later} == {TakeStep, SetAside, PauseCase}


def test_a_share_of_the_plans_proposed_is_agreed_and_each_would_end_the_debt():
    step = HandleWorkList(seed=1)
    plans = [decide(step, DAY, proposed(n, "propose-plan", "plan-proposed")) for n in range(1_000)]
    agreed = [plan for plan in plans if isinstance(plan, AgreePlan)]
    assert len(agreed) == pytest.approx(1_000 * SHARE_AGREED, abs=60)
    assert Counter(plan.first_due_on for plan in agreed) == {date(2025, 4, 5): len(agreed)}
    assert all(plan.instalment_cents * 12 >= 90_000 for plan in agreed)


def test_a_pause_whose_day_has_come_is_over():
    review = proposed(step="review-pause", means="pause-review")
    assert decide(HandleWorkList(seed=1), DAY, review) == ResumeCase()


def test_no_plan_is_agreed_for_a_household_that_has_paid_since():
    paid = [proposed(n, "propose-plan", "plan-proposed", 0) for n in range(200)]
    decisions = {type(decide(HandleWorkList(seed=1), DAY, each)) for each in paid}
    assert AgreePlan not in decisions
    assert TakeStep in decisions


def test_some_households_are_called_and_only_those_reached_promise():
    step = HandleWorkList(seed=1)
    calls = [call(step, DAY, proposed(n)) for n in range(2_000)]
    made = [each for each in calls if each is not None]
    assert len(made) == pytest.approx(2_000 * SHARE_CALLED, abs=60)
    assert {(each.reached, each.promised_by is None) for each in made} == {
        *((True, True), (True, False), (False, True))
    }
    assert Call(reached=True, promised_by=date(2025, 3, 22)) in made
    assert call(step, DAY, proposed(1, owed_cents=0)) is None


def test_a_household_says_the_same_of_its_transfer_whenever_it_is_asked():
    step = HandleWorkList(seed=1)
    words = {word_on_transfer(step, proposed(n)) for n in range(100)}
    assert words == {"accepted", "objected", None}
    assert word_on_transfer(step, proposed(5)) == word_on_transfer(step, proposed(5))
