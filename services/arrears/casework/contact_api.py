"""The JSON routes of contacts with a household in arrears, and of what it promises to pay."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.contacts import ContactChannel
from services.arrears.api import OFFICER
from services.arrears.casework import contacting
from services.arrears.casework.contacts import (
    ContactDayNotPossible,
    ContactNotNoted,
    PromiseNotPossible,
)
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
ACCOUNT = "/api/{company}/accounts/{lease_id}"


class ContactBody(BaseModel):
    """An attempt to speak with the household; `contacted_on`: its day, today if absent."""

    channel: ContactChannel = ContactChannel.PHONE
    reached: bool
    contacted_on: Day | None = None


class PromiseBody(BaseModel):
    """What the household promises today: integer cents, and the last day for them to come."""

    promised_cents: Annotated[int, Field(ge=1, le=10**9)]
    pay_by: Day


@ROUTES.api(
    "POST",
    f"{ACCOUNT}/contacts",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, ContactDayNotPossible),
)
def note_contact(asked: Asked, lease_id: UUID, body: ContactBody) -> Response:
    """Somebody tried to speak with the household."""
    return asked.receipt(
        contacting.note_contact(
            asked.service,
            asked.caller(),
            lease_id,
            body.channel,
            body.contacted_on,
            reached=body.reached,
        )
    )


@ROUTES.api(
    "POST",
    f"{ACCOUNT}/contacts/{{contact_id}}/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, ContactNotNoted),
)
def withdraw_contact(asked: Asked, lease_id: UUID, contact_id: UUID) -> Response:
    """The contact was noted by mistake."""
    return asked.receipt(
        contacting.withdraw_contact(asked.service, asked.caller(), lease_id, contact_id)
    )


@ROUTES.api(
    "POST",
    f"{ACCOUNT}/promises",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, PromiseNotPossible),
)
def note_promise(asked: Asked, lease_id: UUID, body: PromiseBody) -> Response:
    """The household promises to pay; what became of it is reckoned from the money that comes."""
    return asked.receipt(
        contacting.note_promise(
            asked.service, asked.caller(), lease_id, body.promised_cents, body.pay_by
        )
    )


@ROUTES.api(
    "POST",
    f"{ACCOUNT}/promises/{{promise_id}}/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, ContactNotNoted),
)
def withdraw_promise(asked: Asked, lease_id: UUID, promise_id: UUID) -> Response:
    """The promise was noted by mistake."""
    return asked.receipt(
        contacting.withdraw_promise(asked.service, asked.caller(), lease_id, promise_id)
    )
