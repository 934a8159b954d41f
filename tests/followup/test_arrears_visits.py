"""What arrears tells of a household, in its order and heard again after a restore."""

from datetime import date
from uuid import UUID

import pytest

from services.followup.household_file import HouseholdFile
from services.followup.visit import VisitState

HOUSEHOLD, LEASE, VISIT, PLAN = (UUID(int=number) for number in range(1, 5))
DAY = date(2024, 4, 18)


def fact(position):
    return f"alpha/arrears/{position}"


@pytest.fixture
def file():
    return HouseholdFile.open_file(HOUSEHOLD, DAY)


@pytest.mark.parametrize(
    ("cleared", "state"), [(9, VisitState.WITHDRAWN), (3, VisitState.PROPOSED)]
)
def test_money_withdraws_the_visit_for_what_was_missed_before_it_alone(file, cleared, state):
    file.propose_arrears_visit(VISIT, LEASE, fact(5), DAY)

    file.clear_arrears(LEASE, fact(cleared), DAY)

    assert file.visits[VISIT].state is state


def test_a_visit_that_has_a_later_cause_too_is_still_needed(file):
    file.propose_arrears_visit(VISIT, LEASE, fact(5), DAY)
    file.propose_arrears_visit(VISIT, LEASE, fact(8), DAY)

    file.clear_arrears(LEASE, fact(6), DAY)

    assert file.visits[VISIT].state is VisitState.PROPOSED


@pytest.mark.parametrize(("healed", "causes"), [(9, []), (3, [fact(5)])])
def test_a_plan_that_is_kept_ends_the_breach_that_came_before_it_alone(file, healed, causes):
    file.plan_breached(PLAN, VISIT, LEASE, fact(5), DAY)

    file.plan_kept(PLAN, fact(healed), DAY)

    assert file.visits[VISIT].causes == causes
