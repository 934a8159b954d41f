"""Money that left without a reference, and the payment that each takes back: pages and API."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from services.arrears.account_search import search
from services.arrears.accounts_in_arrears import select_version
from services.arrears.api import OFFICER, READERS
from services.arrears.bank_postings import COMMUNICATION_FIELD, PAYER_FIELD
from services.arrears.outgoing_movements import (
    OutgoingAlreadyLinked,
    link,
    payments_on,
    proposed_payments,
    select_given_back,
    select_movement,
    select_outgoing,
    select_payment,
    unlink,
)
from services.arrears.payments_taken_back import (
    OutgoingNotLinked,
    ReturnBeforePayment,
    ReturnExceedsPayment,
)
from services.chassis.asked import Asked, Asking, ReceiptBody
from services.chassis.forms import plain
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes
from services.chassis.set_aside import Page

ROUTES = Routes()
LIST = "/{company}/outgoing-movements"
PAYMENT, WITHDRAWAL = f"{LIST}/{{movement_id}}/payment", f"{LIST}/{{movement_id}}/withdrawal"
SEALED = {"payee", "communication", "payee_account"}
UNTOLD = SEALED | {"counted"}
Row = dict[str, Any]
Search = Annotated[str, Query(max_length=40)]


@ROUTES.page(LIST, roles=READERS)
def outgoing_movements(asked: Asked, page: Page = 1) -> Response:
    with asked.service.datastore.reading() as rows:
        found = select_outgoing(rows, page)
    return asked.render(
        "outgoing_movements.html",
        movements=_unsealed(asked, found),
        page=page,
        may_act=asked.may(f"{PAYMENT}/{{payment_id}}", "POST"),
    )


@ROUTES.page(PAYMENT, roles=OFFICER)
def payment_taken_back(asked: Asked, movement_id: UUID, q: Search = "") -> Response:
    """Which payment it takes back: those proposed, or those of the leases that were sought."""
    text, movement = plain(q.strip(), "q"), _movement(asked, movement_id)
    found = None
    if text:
        leases = [row["lease_id"] for row in search(asked.service, text, asked.today)]
        found = payments_on(asked.service, movement, leases)
    linked = movement["lease_id"] is not None
    return asked.render(
        "outgoing_movement.html",
        movement=movement,
        proposed=[] if text or linked else proposed_payments(asked.service, movement),
        found=found,
        q=text,
    )


@ROUTES.page(f"{PAYMENT}/{{payment_id}}", roles=OFFICER)
def payment_to_take_back(asked: Asked, movement_id: UUID, payment_id: UUID) -> Response:
    movement, payment = _movement(asked, movement_id), select_payment(asked.service, payment_id)
    with asked.service.datastore.reading() as rows:
        given_back_on = select_given_back(rows, payment["lease_id"], movement["amount_cents"])
    return asked.render(
        "outgoing_movement_confirm.html",
        movement=movement,
        payment=payment | {"given_back_on": given_back_on},
        version=payment["version"],
    )


@ROUTES.act(f"{PAYMENT}/{{payment_id}}", roles=OFFICER, form=payment_to_take_back)
def link_outgoing(asked: Asked, movement_id: UUID, payment_id: UUID) -> Response:
    link(asked.service, asked.caller(), movement_id, payment_id)
    return asked.redirect("outgoing-movements")


@ROUTES.page(WITHDRAWAL, roles=OFFICER)
def link_withdrawal(asked: Asked, movement_id: UUID) -> Response:
    movement, version = _movement(asked, movement_id), None
    if movement["lease_id"] is not None:
        with asked.service.datastore.reading() as rows:
            version = select_version(rows, movement["lease_id"])
    return asked.render(
        "outgoing_movement_confirm.html", movement=movement, payment=None, version=version
    )


@ROUTES.act(WITHDRAWAL, roles=OFFICER, form=link_withdrawal)
def unlink_outgoing(asked: Asked, movement_id: UUID) -> Response:
    unlink(asked.service, asked.caller(), movement_id)
    return asked.redirect("outgoing-movements")


@ROUTES.api("GET", f"/api{LIST}", roles=READERS)
def outgoing(asked: Asked, page: Page = 1) -> dict[str, Any]:
    """Money that left without a valid reference, newest first; `lease_id` and `payment_id`: the
    payment that it takes back, once a person has said so. `count`: of all pages together.
    """
    with asked.service.datastore.reading() as rows:
        found = select_outgoing(rows, page)
    told = [{k: v for k, v in row.items() if k not in UNTOLD} for row in found]
    return {"count": found[0]["counted"] if found else 0, "movements": told}


@ROUTES.api(
    "POST",
    f"/api{PAYMENT}/{{payment_id}}",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, OutgoingAlreadyLinked, ReturnExceedsPayment, ReturnBeforePayment),
)
def take_back(asked: Asked, movement_id: UUID, payment_id: UUID) -> Response:
    """Say which payment it takes back."""
    return asked.receipt(link(asked.service, asked.caller(), movement_id, payment_id))


@ROUTES.api(
    "POST",
    f"/api{WITHDRAWAL}",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, OutgoingNotLinked),
)
def withdraw_link(asked: Asked, movement_id: UUID) -> Response:
    """It was not that payment."""
    return asked.receipt(unlink(asked.service, asked.caller(), movement_id))


def _movement(asked: Asking, movement_id: UUID) -> Row:
    with asked.service.datastore.reading() as rows:
        found = select_movement(rows, movement_id)
    return _unsealed(asked, [found])[0]


def _unsealed(asked: Asking, rows: list[Row]) -> list[Row]:
    show_all = asked.service.keyring.show_all
    payees = show_all(asked.company, [row["payee"] for row in rows], PAYER_FIELD)
    texts = show_all(asked.company, [row["communication"] for row in rows], COMMUNICATION_FIELD)
    return [
        {**row, "payee": payee, "communication": text}
        for row, payee, text in zip(rows, payees, texts, strict=True)
    ]
