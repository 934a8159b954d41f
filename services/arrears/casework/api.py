"""The JSON routes of households in arrears: the work list, steps, plans, policies."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from contracts.arrears_cases import (
    CancelReason,
    Circumstance,
    InstalmentFrequency,
    OverrideReason,
    PauseReason,
    PlanMethod,
    PlanWith,
)
from services.arrears.api import OFFICER, READERS
from services.arrears.casework import acting, agreeing
from services.arrears.casework.arrears_case import (
    CaseIsNotPaused,
    NothingIsProposed,
    ReviewDayNotPossible,
    StepNotTaken,
)
from services.arrears.casework.case_plans import PlanIsOver, PlanNotPossible, UnknownPlan
from services.arrears.casework.case_rows import select_entries
from services.arrears.casework.explaining import explain_proposal, steps_of
from services.arrears.casework.work_list import (
    Chosen,
    count_by_step,
    with_promises,
    work_list_on,
)
from services.arrears.ladder.case import Plan
from services.arrears.ladder.spans import Frequency
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day
from services.chassis.identity import Role
from services.chassis.refusal import Malformed, NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
MANAGER = {Role.MANAGER}
CASE = "/api/{company}/accounts/{lease_id}"
AMOUNT = Annotated[int, Field(ge=0, le=10**9)]
StepName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


class StepBody(BaseModel):
    """The step to take; `taken_on`: the day on which a person took it, today if absent."""

    step: StepName
    taken_on: Day | None = None


class TogetherBody(BaseModel):
    """The households for which the step is to be taken."""

    leases: Annotated[list[UUID], Field(min_length=1, max_length=2_500)]


class OverrideBody(BaseModel):
    """Why it is decided otherwise."""

    reason: OverrideReason


class PauseBody(BaseModel):
    """Why nothing is sent for a while, and when it is looked at again."""

    reason: PauseReason
    review_on: Day


class CircumstanceBody(BaseModel):
    """What holds from now on, or is over."""

    circumstance: Circumstance


class PlanBody(BaseModel):
    """The terms of a plan. Amounts are integer cents; without `starting_cents` what is owed now."""

    agreed_with: PlanWith = PlanWith.TENANT
    method: PlanMethod = PlanMethod.BALANCE_REDUCTION
    formal: bool = False
    starting_cents: AMOUNT | None = None
    lump_sum_cents: AMOUNT = 0
    lump_sum_on: Day | None = None
    instalment_cents: AMOUNT = 0
    frequency: InstalmentFrequency | None = None
    first_due_on: Day | None = None
    count: Annotated[int | None, Field(ge=1, le=1_200)] = None
    ends_on: Day | None = None
    strike_out_on: Day | None = None
    suspended_years: Annotated[int | None, Field(ge=1, le=50)] = None
    tolerance_days: Annotated[int | None, Field(ge=0, le=366)] = None

    def terms(self, today: date) -> Plan:
        """As the watch reads them; the plan's name comes with its agreement."""
        said = self.model_dump(exclude={"agreed_with", "method", "starting_cents", "frequency"})
        return Plan.model_construct(
            what="plan",
            plan="new",
            on=today,
            with_=self.agreed_with.value,
            method=self.method.value,
            frequency=Frequency(self.frequency.value) if self.frequency else None,
            starting_balance_cents=self.starting_cents,
            **said,
        )


class CancelBody(BaseModel):
    """Why a plan ends before its time."""

    reason: CancelReason


@ROUTES.api("GET", "/api/{company}/work-list", roles=READERS)
def work_list(
    asked: Asked, step: Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9-]*$")] = ""
) -> dict[str, Any]:
    """Cases for which policy proposes a step, largest debt first; of one step if asked."""
    work = work_list_on(asked.service, asked.today)
    found = Chosen(step).part_of(work.every)
    until = asked.service.bank_data().complete_until
    means = {name: rules.means for name, rules in steps_of(work.policies).items()}
    cases = [
        {k: v for k, v in row.items() if k != "leaseholders"} | {"means": means.get(row["step"])}
        for row in with_promises(asked.service, found, until, asked.today)
    ]
    return {
        "as_of": asked.today,
        "bank_complete_until": until,
        "overdue_after_days": work.overdue_after,
        "steps": count_by_step(work.every),
        "cases": cases,
    }


@ROUTES.api("POST", "/api/{company}/work-list/{step}", roles=OFFICER)
def take_steps(asked: Asked, step: str, body: TogetherBody) -> dict[str, Any]:
    """Take one step for several households, each judged again by itself."""
    done = acting.take_steps(asked.service, asked.caller(), step, body.leases)
    stopped = [{"lease_id": lease_id, "because": why} for lease_id, why in done.stopped]
    return {"taken": done.taken, "stopped": stopped}


@ROUTES.api("GET", f"{CASE}/proposal", roles=READERS, refusals=[NotFound, Malformed])
def proposal(asked: Asked, lease_id: UUID, on: Day | None = None) -> dict[str, Any]:
    """What policy proposes for an account on a day, by what was known then, and why."""
    return explain_proposal(asked.service, lease_id, on or asked.today, asked.today)


@ROUTES.api("GET", f"{CASE}/case", roles=READERS, refusals=[NotFound])
def case(asked: Asked, lease_id: UUID) -> dict[str, Any]:
    """The history of a case, newest first."""
    with asked.service.datastore.reading() as rows:
        entries = select_entries(rows, lease_id)
    if not entries:
        raise NotFound("Ce compte n'a pas de dossier d'impayés.")
    return {"lease_id": lease_id, "entries": entries}


@ROUTES.api(
    "POST",
    f"{CASE}/steps",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(
        NotFound,
        acting.StepIsStopped,
        acting.NoPolicyRules,
        acting.StepNotInPolicy,
        acting.StepOnLegalPath,
        acting.StepDayNotPossible,
    ),
)
def take_step(asked: Asked, lease_id: UUID, body: StepBody) -> Response:
    """Take a step, or note one that was taken; it is judged again at this very moment."""
    return asked.receipt(
        acting.take_step(asked.service, asked.caller(), lease_id, body.step, body.taken_on)
    )


@ROUTES.api(
    "POST",
    f"{CASE}/steps/{{step_id}}/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, StepNotTaken),
)
def withdraw_step(asked: Asked, lease_id: UUID, step_id: UUID) -> Response:
    """The step was noted by mistake."""
    return asked.receipt(acting.withdraw_step(asked.service, asked.caller(), lease_id, step_id))


@ROUTES.api(
    "POST",
    f"{CASE}/override",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, NothingIsProposed),
)
def override(asked: Asked, lease_id: UUID, body: OverrideBody) -> Response:
    """Decide otherwise than proposed."""
    return asked.receipt(acting.override(asked.service, asked.caller(), lease_id, body.reason))


@ROUTES.api(
    "POST",
    f"{CASE}/pause",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, ReviewDayNotPossible),
)
def pause(asked: Asked, lease_id: UUID, body: PauseBody) -> Response:
    """Send nothing until somebody has looked again."""
    return asked.receipt(
        acting.pause(asked.service, asked.caller(), lease_id, body.reason, body.review_on)
    )


@ROUTES.api(
    "POST",
    f"{CASE}/pause/end",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, CaseIsNotPaused),
)
def resume(asked: Asked, lease_id: UUID) -> Response:
    """The pause is over."""
    return asked.receipt(acting.resume(asked.service, asked.caller(), lease_id))


@ROUTES.api("POST", f"{CASE}/circumstances", roles=OFFICER, answer=ReceiptBody, refusals=[NotFound])
def record_circumstance(asked: Asked, lease_id: UUID, body: CircumstanceBody) -> Response:
    """Hardship or a dispute holds, or is over."""
    return asked.receipt(
        acting.record_circumstance(asked.service, asked.caller(), lease_id, body.circumstance)
    )


@ROUTES.api(
    "POST",
    f"{CASE}/plans",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, PlanNotPossible),
)
def agree_plan(asked: Asked, lease_id: UUID, body: PlanBody) -> Response:
    """Agree a repayment plan; a live one is cancelled."""
    return asked.receipt(
        agreeing.agree_plan(asked.service, asked.caller(), lease_id, body.terms(asked.today))
    )


@ROUTES.api(
    "POST",
    f"{CASE}/plans/{{plan_id}}/cancellation",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, UnknownPlan, PlanIsOver),
)
def cancel_plan(asked: Asked, lease_id: UUID, plan_id: UUID, body: CancelBody) -> Response:
    """End a plan before its time."""
    return asked.receipt(
        agreeing.cancel_plan(asked.service, asked.caller(), lease_id, plan_id, body.reason)
    )
