"""The JSON routes of periods of support: opened, closed, corrected, withdrawn."""

from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from contracts.support_periods import SupportAxis, SupportOutcome
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes
from services.followup import supporting
from services.followup.api import OFFICER, READERS
from services.followup.open_support_periods import select_open_periods
from services.followup.support_period import (
    HouseholdHasNotAgreed,
    SupportDayNotPossible,
    SupportPeriodAlreadyClosed,
    SupportPeriodNotClosed,
    SupportPeriodOverlaps,
    SupportTerms,
    UnknownSupportPeriod,
)
from services.followup.support_shown import plain_period

ROUTES = Routes()
PERIODS = "/api/{company}/households/{household_id}/support-periods"
PERIOD = f"{PERIODS}/{{period_id}}"
OF_TERMS = (NotFound, HouseholdHasNotAgreed, SupportPeriodOverlaps, SupportDayNotPossible)
OF_CLOSURE = (UnknownSupportPeriod, SupportPeriodAlreadyClosed, SupportDayNotPossible)


class Opening(BaseModel):
    """What a household agreed to on `agreed_on`; an intensive period lasts six months."""

    axis: SupportAxis
    intensive: bool
    agreed_on: Day
    opened_on: Day

    def terms(self) -> SupportTerms:
        return SupportTerms.agreed(self.axis, self.intensive, self.agreed_on, self.opened_on)


class ClosureBody(BaseModel):
    """A closure; at most on the day on which an intensive period ends by itself."""

    closed_on: Day
    outcome: SupportOutcome


class AgreementWithdrawal(BaseModel):
    withdrawn_on: Day


@ROUTES.api("GET", "/api/{company}/support-periods", roles=READERS)
def open_support_periods(asked: Asked) -> dict[str, Any]:
    """Periods that are open, or ended by themselves without an outcome yet; oldest end first."""
    with asked.service.datastore.reading() as rows:
        found = select_open_periods(rows, asked.today)
    return {"support_periods": [plain_period(row, asked.today) for row in found]}


@ROUTES.api("POST", PERIODS, roles=OFFICER, answer=ReceiptBody, refusals=OF_TERMS)
def open_support(asked: Asked, household_id: UUID, body: Opening) -> Response:
    """Open a period of support with the household's agreement; the answer's id is the period's."""
    return asked.receipt(
        supporting.open_support(asked.service, asked.caller(), household_id, body.terms())
    )


@ROUTES.api(
    "POST",
    f"{PERIOD}/correction",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(*OF_TERMS, UnknownSupportPeriod),
)
def correct_opening(asked: Asked, household_id: UUID, period_id: UUID, body: Opening) -> Response:
    """Replace what was recorded of an opening."""
    return asked.receipt(
        supporting.correct_opening(
            asked.service, asked.caller(), household_id, period_id, body.terms()
        )
    )


@ROUTES.api(
    "POST",
    f"{PERIOD}/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, UnknownSupportPeriod),
)
def withdraw_opening(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    """There was no such period."""
    return asked.receipt(
        supporting.withdraw_opening(asked.service, asked.caller(), household_id, period_id)
    )


@ROUTES.api(
    "POST", f"{PERIOD}/closure", roles=OFFICER, answer=ReceiptBody, refusals=(NotFound, *OF_CLOSURE)
)
def close_support(asked: Asked, household_id: UUID, period_id: UUID, body: ClosureBody) -> Response:
    """Close a period, also one that has ended by itself, with what came of it."""
    return asked.receipt(
        supporting.close_support(
            asked.service, asked.caller(), household_id, period_id, body.closed_on, body.outcome
        )
    )


@ROUTES.api(
    "POST",
    f"{PERIOD}/closure/correction",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(
        *(NotFound, UnknownSupportPeriod),
        *(SupportPeriodNotClosed, SupportPeriodOverlaps, SupportDayNotPossible),
    ),
)
def correct_closure(
    asked: Asked, household_id: UUID, period_id: UUID, body: ClosureBody
) -> Response:
    """Replace what was recorded of a closure."""
    return asked.receipt(
        supporting.correct_closure(
            asked.service, asked.caller(), household_id, period_id, body.closed_on, body.outcome
        )
    )


@ROUTES.api(
    "POST",
    f"{PERIOD}/closure/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, UnknownSupportPeriod, SupportPeriodNotClosed, SupportPeriodOverlaps),
)
def withdraw_closure(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    """It was not closed after all."""
    return asked.receipt(
        supporting.withdraw_closure(asked.service, asked.caller(), household_id, period_id)
    )


@ROUTES.api(
    "POST",
    f"{PERIOD}/agreement/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, *OF_CLOSURE),
)
def withdraw_agreement(
    asked: Asked, household_id: UUID, period_id: UUID, body: AgreementWithdrawal
) -> Response:
    """The household withdrew its agreement: the period ends that day."""
    return asked.receipt(
        supporting.withdraw_agreement(
            asked.service, asked.caller(), household_id, period_id, body.withdrawn_on
        )
    )
