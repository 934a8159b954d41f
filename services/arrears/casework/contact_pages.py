"""The forms of a call and of a promise: two taps from the list each."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from fastapi import Response

from contracts.contacts import ContactChannel
from services.arrears.api import OFFICER
from services.arrears.casework import contacting
from services.arrears.casework.case_forms import case_form, to_case
from services.arrears.casework.case_rows import select_case
from services.arrears.casework.pages import CASE
from services.arrears.casework.sentences import CHANNELS
from services.chassis.asked import Asked
from services.chassis.forms import choices_of
from services.chassis.routes import Routes

ROUTES = Routes()
PAY_BY_DAYS = 7
"""What the form of a promise offers first; any day may be typed."""


class Reached(StrEnum):
    """Which of the two buttons was pressed."""

    YES = "yes"
    NO = "no"


@ROUTES.page(f"{CASE}/contact", roles=OFFICER)
def contact(asked: Asked, lease_id: UUID) -> Response:
    return case_form(asked, "case_contact.html", lease_id, channels=choices_of(CHANNELS))


@ROUTES.act(f"{CASE}/contact", roles=OFFICER, form=contact)
def note_contact(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        channel = form.choice("channel", "de quelle façon", ContactChannel)
        reached = form.choice("reached", "joint ou pas joint", Reached) is Reached.YES
        on = form.day_if_any("contacted_on", "le jour du contact")
    contacting.note_contact(asked.service, asked.caller(), lease_id, channel, on, reached=reached)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/promise", roles=OFFICER)
def promise(asked: Asked, lease_id: UUID) -> Response:
    with asked.service.datastore.reading() as rows:
        known = select_case(rows, asked.today, lease_id)
    return case_form(
        asked,
        "case_promise.html",
        lease_id,
        pay_by=asked.today + timedelta(days=PAY_BY_DAYS),
        owed_cents=max(0, known["owed_cents"]) if known else 0,
    )


@ROUTES.act(f"{CASE}/promise", roles=OFFICER, form=promise)
def note_promise(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        cents = form.cents("promised_cents", "le montant promis", least=1)
        pay_by = form.day("pay_by", "le jour promis")
    contacting.note_promise(asked.service, asked.caller(), lease_id, cents, pay_by)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/contacts/{{contact_id}}/withdrawal", roles=OFFICER)
def contact_withdrawal(asked: Asked, lease_id: UUID, contact_id: UUID) -> Response:
    return case_form(
        asked,
        "case_confirm.html",
        lease_id,
        question="Retirer ce contact ?",
        consequence="Il a été noté par erreur. Il reste visible dans l'histoire, barré, et ne "
        "compte plus.",
        button="Retirer le contact",
    )


@ROUTES.act(f"{CASE}/contacts/{{contact_id}}/withdrawal", roles=OFFICER, form=contact_withdrawal)
def withdraw_contact(asked: Asked, lease_id: UUID, contact_id: UUID) -> Response:
    contacting.withdraw_contact(asked.service, asked.caller(), lease_id, contact_id)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/promises/{{promise_id}}/withdrawal", roles=OFFICER)
def promise_withdrawal(asked: Asked, lease_id: UUID, promise_id: UUID) -> Response:
    return case_form(
        asked,
        "case_confirm.html",
        lease_id,
        question="Retirer cette promesse ?",
        consequence="Elle a été notée par erreur. Elle reste visible dans l'histoire, barrée, et "
        "ne compte plus.",
        button="Retirer la promesse",
    )


@ROUTES.act(f"{CASE}/promises/{{promise_id}}/withdrawal", roles=OFFICER, form=promise_withdrawal)
def withdraw_promise(asked: Asked, lease_id: UUID, promise_id: UUID) -> Response:
    contacting.withdraw_promise(asked.service, asked.caller(), lease_id, promise_id)
    return to_case(asked, lease_id)
