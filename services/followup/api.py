"""The JSON routes of follow-up: visits planned, made, missed; a household's history."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from contracts.followup import AbsenceReason, Officer, VisitKind, VisitPlace, VisitResult
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day, plain
from services.chassis.identity import Role
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes
from services.followup.history import sentence
from services.followup.open_support_periods import select_support
from services.followup.support_shown import plain_period
from services.followup.visit import (
    UnknownVisit,
    VisitAlreadyPlanned,
    VisitAlreadyRecorded,
    VisitDayNotPossible,
    VisitIsNotOpen,
    VisitNotRecorded,
)
from services.followup.visits_to_make import (
    search_households,
    select_history,
    select_household,
    select_visits,
    select_week,
)

OFFICER = {Role.SUPPORT_OFFICER}
READERS = {Role.SUPPORT_OFFICER, Role.MANAGER, Role.AUDITOR}
REFUSALS = (VisitAlreadyRecorded, VisitIsNotOpen, VisitDayNotPossible)

ROUTES = Routes()


class VisitPlan(BaseModel):
    """A visit to plan. An unknown `lease_id` is accepted: its fact may still be on its way."""

    lease_id: UUID
    kind: VisitKind
    planned_on: Day


class VisitMade(BaseModel):
    """A visit that was made. `lease_id` and `kind` count only for one that was not planned."""

    lease_id: UUID
    kind: VisitKind
    done_on: Day
    place: VisitPlace
    performed_by: Officer
    result: VisitResult


class VisitNotMade(BaseModel):
    missed_on: Day
    reason: AbsenceReason


@ROUTES.api("GET", "/api/{company}/visits", roles=READERS)
def visits_to_make(
    asked: Asked, until: Day | None = None, kind: VisitKind | None = None
) -> dict[str, Any]:
    """Visits to make up to a day (today unless said), late and proposed ones included."""
    with asked.service.datastore.reading() as rows:
        found = select_week(rows, asked.today, until or asked.today)
    return {"visits": [_plain(row) for row in found if kind is None or row["kind"] == kind.value]}


@ROUTES.api("GET", "/api/{company}/households", roles=READERS)
def households(asked: Asked, search: Annotated[str, Query(max_length=40)] = "") -> dict[str, Any]:
    """Households by lease or dwelling number."""
    with asked.service.datastore.reading() as rows:
        return {
            "households": [_plain(row) for row in search_households(rows, plain(search, "search"))]
        }


@ROUTES.api("GET", "/api/{company}/households/{household_id}", roles=READERS, refusals=[NotFound])
def household(asked: Asked, household_id: UUID) -> dict[str, Any]:
    """A household's leases, visits, periods of support and history in sentences."""
    with asked.service.datastore.reading() as rows:
        leases = select_household(rows, household_id)
        visits = select_visits(rows, household_id)
        history = select_history(rows, household_id)
        support = select_support(rows, household_id)
    if not (leases or visits or history):
        raise NotFound("Ce ménage n'est pas connu dans cette société.")
    return {
        "leases": [_plain(row) for row in leases],
        "visits": [_plain(row) for row in visits],
        "support_periods": [plain_period(row, asked.today) for row in support],
        "history": [
            {
                "occurred_on": row["occurred_on"].isoformat(),
                "recorded_at": row["recorded_at"].isoformat(),
                "actor": row["actor"],
                "sentence": sentence(row["kind"], row["details"]),
            }
            for row in history
        ],
    }


@ROUTES.api(
    "PUT",
    "/api/{company}/households/{household_id}/visits/{visit_id}/plan",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(*REFUSALS, VisitAlreadyPlanned),
)
def plan_visit(asked: Asked, household_id: UUID, visit_id: UUID, plan: VisitPlan) -> Response:
    """Plan a visit, or plan one anew that was proposed or missed."""
    receipt = asked.service.plan_visit(
        asked.caller(), household_id, visit_id, plan.lease_id, plan.kind, plan.planned_on
    )
    return asked.receipt(receipt)


@ROUTES.api(
    "PUT",
    "/api/{company}/households/{household_id}/visits/{visit_id}/record",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=REFUSALS,
)
def record_visit(asked: Asked, household_id: UUID, visit_id: UUID, made: VisitMade) -> Response:
    """Record that a visit was made, planned or not."""
    receipt = asked.service.record_visit(asked.caller(), household_id, visit_id, **dict(made))
    return asked.receipt(receipt)


@ROUTES.api(
    "POST",
    "/api/{company}/households/{household_id}/visits/{visit_id}/correction",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(VisitNotRecorded, UnknownVisit, VisitDayNotPossible),
)
def correct_visit(asked: Asked, household_id: UUID, visit_id: UUID, made: VisitMade) -> Response:
    """Replace what was recorded of a visit."""
    receipt = asked.service.correct_visit(
        asked.caller(),
        household_id,
        visit_id,
        made.done_on,
        made.place,
        made.performed_by,
        made.result,
    )
    return asked.receipt(receipt)


@ROUTES.api(
    "POST",
    "/api/{company}/households/{household_id}/visits/{visit_id}/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(VisitNotRecorded, UnknownVisit),
)
def withdraw_visit_record(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    """The visit was not made after all, or a person planned it by mistake."""
    return asked.receipt(asked.service.withdraw_visit(asked.caller(), household_id, visit_id))


@ROUTES.api(
    "POST",
    "/api/{company}/households/{household_id}/visits/{visit_id}/absence",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(*REFUSALS, UnknownVisit),
)
def miss_visit(asked: Asked, household_id: UUID, visit_id: UUID, absence: VisitNotMade) -> Response:
    """A planned visit did not take place."""
    receipt = asked.service.miss_visit(
        asked.caller(), household_id, visit_id, absence.missed_on, absence.reason
    )
    return asked.receipt(receipt)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without sealed values: names are for pages, where they are unsealed."""
    return {name: value for name, value in row.items() if name != "leaseholders"}
