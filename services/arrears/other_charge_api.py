"""The JSON routes of what is owed besides rent, and of the payments that were for it."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.other_charges import ChargeReference, OtherChargeKind
from services.arrears import charging_apart
from services.arrears.api import OFFICER
from services.arrears.other_charges import (
    CourtCostsOnLegalPath,
    MoreThanIsDueOfKind,
    MoreThanThePayment,
    OtherChargeAlreadyRecorded,
    OtherChargeNotRecorded,
    OtherChargePaymentNotOnAccount,
)
from services.arrears.rent_charges import RentAccountIsClosed
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import Day
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
API = "/api/{company}/accounts/{lease_id}"
CHARGE = f"{API}/other-charges/{{other_charge_id}}"
AMOUNT = Annotated[int, Field(ge=1, le=10**9)]


class OtherChargeAmount(BaseModel):
    """The right amount, in integer cents, and the right due day."""

    amount_cents: AMOUNT
    due_on: Day


class OtherChargeBody(OtherChargeAmount):
    """What is owed besides rent; `reference`: the number of its bill, of no person."""

    kind: OtherChargeKind
    reference: ChargeReference


class OtherPaymentBody(BaseModel):
    """How much of a payment was for another kind, in integer cents."""

    kind: OtherChargeKind
    amount_cents: AMOUNT


@ROUTES.api(
    "POST",
    f"{API}/other-charges",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, CourtCostsOnLegalPath, OtherChargeAlreadyRecorded, RentAccountIsClosed),
)
def record_other_charge(asked: Asked, lease_id: UUID, body: OtherChargeBody) -> Response:
    """Something is owed besides rent, on an account of its kind."""
    said = (body.kind, body.amount_cents, body.due_on, body.reference)
    done = charging_apart.record_other_charge(asked.service, asked.caller(), lease_id, *said)
    return asked.receipt(done)


@ROUTES.api(
    "PUT",
    CHARGE,
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, OtherChargeNotRecorded),
)
def correct_other_charge(
    asked: Asked, lease_id: UUID, other_charge_id: UUID, body: OtherChargeAmount
) -> Response:
    """Its right amount and day."""
    said = (lease_id, other_charge_id, body.amount_cents, body.due_on)
    done = charging_apart.correct_other_charge(asked.service, asked.caller(), *said)
    return asked.receipt(done)


@ROUTES.api(
    "POST",
    f"{CHARGE}/cancellation",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, OtherChargeNotRecorded),
)
def cancel_other_charge(asked: Asked, lease_id: UUID, other_charge_id: UUID) -> Response:
    """It was never due."""
    done = charging_apart.cancel_other_charge(
        asked.service, asked.caller(), lease_id, other_charge_id
    )
    return asked.receipt(done)


@ROUTES.api(
    "POST",
    f"{API}/payments/{{payment_id}}/other-charges",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, MoreThanThePayment, MoreThanIsDueOfKind),
)
def pay_other_charge(
    asked: Asked, lease_id: UUID, payment_id: UUID, body: OtherPaymentBody
) -> Response:
    """A payment on the account, or a part of it, was for another kind."""
    said = (lease_id, payment_id, body.kind, body.amount_cents)
    return asked.receipt(charging_apart.pay_other_charge(asked.service, asked.caller(), *said))


@ROUTES.api(
    "POST",
    f"{API}/other-charge-payments/{{part_id}}/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, OtherChargePaymentNotOnAccount),
)
def withdraw_other_charge_payment(asked: Asked, lease_id: UUID, part_id: UUID) -> Response:
    """The money was the rent account's after all."""
    done = charging_apart.withdraw_other_charge_payment(
        asked.service, asked.caller(), lease_id, part_id
    )
    return asked.receipt(done)
