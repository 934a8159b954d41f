"""The JSON API of dwellings: which are vacant, and which of these can be let."""

from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import JSONResponse

from contracts.intake import SuspensionReason
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes
from services.intake import dwelling_lookups
from services.intake.dwelling import (
    DwellingAlreadyLet,
    LettingIsNotSuspended,
    LettingIsSuspended,
)
from services.intake.dwelling_lookups import DwellingRow, VacantDwellings
from services.intake.history import history_of
from services.intake.lease_bodies import Body
from services.intake.lease_terms import DayNotPossible
from services.intake.roles import OFFICERS, READERS

ROUTES = Routes()
DWELLING = "/api/{company}/dwellings/{dwelling_id}"


class SuspensionBody(Body):
    unlettable_from: Day
    reason: SuspensionReason


class ResumptionBody(Body):
    lettable_from: Day


@ROUTES.api("GET", "/api/{company}/vacant-dwellings", roles=READERS, answer=VacantDwellings)
def vacant_dwellings(asked: Asked) -> Any:
    return dwelling_lookups.vacant(asked.service, asked.today)


@ROUTES.api("GET", DWELLING, roles=READERS, answer=DwellingRow, refusals=[NotFound])
def dwelling(asked: Asked, dwelling_id: UUID) -> Response:
    found = dwelling_lookups.dwelling(asked.service, dwelling_id, asked.today)
    version = history_of(asked.service, dwelling_id).version
    return JSONResponse(found.model_dump(mode="json"), headers={"etag": f'"{version}"'})


@ROUTES.api(
    "POST",
    f"{DWELLING}/suspension",
    roles=OFFICERS,
    answer=ReceiptBody,
    status=201,
    refusals=[NotFound, DwellingAlreadyLet, LettingIsSuspended, DayNotPossible],
)
def suspend_letting(asked: Asked, dwelling_id: UUID, body: SuspensionBody) -> Response:
    receipt = asked.service.suspensions.suspend_letting(
        asked.caller(), dwelling_id, body.unlettable_from, body.reason
    )
    return asked.receipt(receipt, f"dwellings/{dwelling_id}")


@ROUTES.api(
    "POST",
    f"{DWELLING}/suspension/withdrawal",
    roles=OFFICERS,
    answer=ReceiptBody,
    refusals=[NotFound, LettingIsNotSuspended],
)
def withdraw_suspension(asked: Asked, dwelling_id: UUID) -> Response:
    return asked.receipt(asked.service.suspensions.withdraw_suspension(asked.caller(), dwelling_id))


@ROUTES.api(
    "POST",
    f"{DWELLING}/resumption",
    roles=OFFICERS,
    answer=ReceiptBody,
    status=201,
    refusals=[NotFound, LettingIsNotSuspended, DayNotPossible],
)
def resume_letting(asked: Asked, dwelling_id: UUID, body: ResumptionBody) -> Response:
    receipt = asked.service.suspensions.resume_letting(
        asked.caller(), dwelling_id, body.lettable_from
    )
    return asked.receipt(receipt, f"dwellings/{dwelling_id}")


@ROUTES.api(
    "POST",
    f"{DWELLING}/resumption/withdrawal",
    roles=OFFICERS,
    answer=ReceiptBody,
    refusals=[NotFound, LettingIsNotSuspended, DwellingAlreadyLet],
)
def withdraw_resumption(asked: Asked, dwelling_id: UUID) -> Response:
    return asked.receipt(asked.service.suspensions.withdraw_resumption(asked.caller(), dwelling_id))
