"""The yearly return of one company: signed, held against what comes later, restated."""

from datetime import date
from functools import partial
from uuid import uuid4

import pytest

from contracts.followup import VisitKind, VisitPlace, VisitResult
from services.chassis.caller import Caller
from services.chassis.settings import SERVICES
from services.intake import lookups
from services.intake.leaseholders import Person
from services.reporting.return_told import is_identical, told_version

MANAGER = Caller("manager.1")
SIGNING_DAY = date(2025, 1, 10)
WHY = "Le journal a commencé en mars"


@pytest.fixture
def over(company):
    """One lease of 2024, the year over and every day closed; its return prepared."""
    company.at_day = partial(company.at_day, services=SERVICES)
    company.intake.register_dwelling(company.me, "D1", date(2020, 1, 1))
    signed = date(2024, 3, 1), 30_000, 0, [Person("Zoé Evrard")]
    company.intake.sign_lease(company.me, "L1", "D1", *signed)
    company.go_to(SIGNING_DAY)
    company.reporting.returns.prepare(MANAGER, 2024)
    return company


def visit(company, done_on):
    lease_id = company.lease_id("L1")
    household = lookups.lease(company.intake, lease_id).household_id
    visit_id = uuid4()
    company.followup.record_visit(
        company.me,
        household,
        visit_id,
        lease_id,
        VisitKind.COURTESY,
        done_on=done_on,
        place=VisitPlace.HOME,
        performed_by="agent-01",
        result=VisitResult.ALL_WELL,
    )
    company.settle()
    return household, visit_id


def standing(company):
    return company.reporting.returns.standing(2024, SIGNING_DAY)


def test_life(over):
    returns = over.reporting.returns
    returns.validate(MANAGER, 2024, WHY)
    told = told_version(*returns.version(2024))
    assert told["identical"], told
    assert standing(over).pending == []
    household, visit_id = visit(over, date(2024, 9, 10))
    print(standing(over).pending)
    returns.restate(MANAGER, 2024, "late visit")
    assert standing(over).pending == []
    print(told_version(*returns.version(2024, 1)))
    print(told_version(*returns.version(2024, 2)))
    assert is_identical(*returns.version(2024, 1))
    assert is_identical(*returns.version(2024, 2))
    over.followup.withdraw_visit_record(over.me, household, visit_id)
    over.settle()
    print(standing(over).pending)
