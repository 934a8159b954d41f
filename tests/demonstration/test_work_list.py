"""What the officer decides of a proposed step depends on the seed, the lease and the day alone."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.demonstration.steps import HandleWorkList
from services.demonstration.work_list import (
    SHARE_AGREED,
    AgreePlan,
    PauseCase,
    ProposedStep,
    ResumeCase,
    SetAside,
    TakeStep,
    decide,
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
