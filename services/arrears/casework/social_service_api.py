"""The JSON routes of telling the social service of a debt, and of the household's word on it."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from services.arrears.api import OFFICER, READERS
from services.arrears.casework import informing
from services.arrears.casework.acting import NoPolicyRules
from services.arrears.casework.data_transfer import TransferForbidden, TransferNotYetAllowed
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
TRANSFER = "/api/{company}/accounts/{lease_id}/social-service"


class TransferAnswer(StrEnum):
    """What a household says to its data being told to the social service."""

    ACCEPTED = "accepted"
    OBJECTED = "objected"


class TransferAnswerBody(BaseModel):
    """The household's word, given today."""

    answer: TransferAnswer


@ROUTES.api("GET", TRANSFER, roles=READERS, refusals=[NotFound])
def may_inform(asked: Asked, lease_id: UUID) -> dict[str, Any]:
    """Whether the social service may be told of a debt today, and what is missing."""
    return informing.may_inform(asked.service, lease_id, asked.today)


@ROUTES.api(
    "POST",
    TRANSFER,
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, NoPolicyRules, TransferForbidden, TransferNotYetAllowed),
)
def inform_social_service(asked: Asked, lease_id: UUID) -> Response:
    """It is told today; every precondition is judged again at this very moment."""
    return asked.receipt(informing.inform_social_service(asked.service, asked.caller(), lease_id))


@ROUTES.api("POST", f"{TRANSFER}/answer", roles=OFFICER, answer=ReceiptBody, refusals=[NotFound])
def answer_transfer(asked: Asked, lease_id: UUID, body: TransferAnswerBody) -> Response:
    """The household accepts or objects."""
    accepted = body.answer is TransferAnswer.ACCEPTED
    return asked.receipt(
        informing.answer_transfer(asked.service, asked.caller(), lease_id, accepted=accepted)
    )
