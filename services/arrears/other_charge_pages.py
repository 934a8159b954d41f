"""The pages of what is owed besides rent: noted, corrected, cancelled, paid by a payment's part."""

from re import fullmatch
from typing import Any
from uuid import UUID

from fastapi import Response

from contracts.other_charges import CHARGE_REFERENCE, OtherChargeKind
from services.arrears import charging_apart
from services.arrears.account_pages import ACCOUNT, account_form, line_of
from services.arrears.api import OFFICER
from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.looking import replayed
from services.arrears.other_accounts import KINDS, select_other_accounts
from services.arrears.other_charges import (
    MoreThanThePayment,
    OtherChargeNotRecorded,
    OtherChargePaymentNotOnAccount,
)
from services.chassis.amounts import format_cents, format_day
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Form, choices_of
from services.chassis.routes import Routes

ROUTES = Routes()
CHARGE = f"{ACCOUNT}/other-charges/{{other_charge_id}}"
PART = f"{ACCOUNT}/other-charge-payments/{{part_id}}/withdrawal"
NOTED_HERE = {kind: word for kind, word in KINDS.items() if kind != OtherChargeKind.COURT_COSTS}
"""Court costs are noted on the legal path."""


def _reference(form: Form) -> str:
    text = form.text("reference", "la référence", 40)
    if text and not fullmatch(CHARGE_REFERENCE, text):
        form.wrong(
            "reference",
            "La référence : un numéro comme « F2025-113 », jamais un nom (au moins un chiffre, "
            "quatre lettres de suite au plus, points, barres et tirets).",
        )
    return text


@ROUTES.page(f"{ACCOUNT}/other-charges", roles=OFFICER)
def other_charge_form(asked: Asked, lease_id: UUID) -> Response:
    return account_form(
        asked, "other_charge.html", lease_id, kinds=choices_of(NOTED_HERE), line=None
    )


@ROUTES.act(f"{ACCOUNT}/other-charges", roles=OFFICER, form=other_charge_form)
def note_other_charge(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        kind = form.choice("kind", "de quoi il s'agit", OtherChargeKind)
        cents = form.cents("amount", "le montant", least=1)
        due_on = form.day("due_on", "l'échéance")
        reference = _reference(form)
    said = (kind, cents, due_on, reference)
    charging_apart.record_other_charge(asked.service, asked.caller(), lease_id, *said)
    return asked.redirect(f"accounts/{lease_id}")


def _charge(asked: Asking, lease_id: UUID, other_charge_id: UUID) -> dict[str, Any]:
    """Errors: OtherChargeNotRecorded."""
    line = _line(asked, lease_id, other_charge_id)
    if line is None or line["what"] != "charge":
        raise OtherChargeNotRecorded("Ce montant n'est pas, ou plus, noté sur ce compte.")
    return line


def _line(asked: Asking, lease_id: UUID, line_id: UUID) -> dict[str, Any] | None:
    with asked.service.datastore.reading() as rows:
        accounts = select_other_accounts(rows, lease_id, asked.today)
    lines = [line for account in accounts for line in account["lines"]]
    return next((line for line in lines if line["line_id"] == line_id), None)


@ROUTES.page(CHARGE, roles=OFFICER)
def other_charge_correction(asked: Asked, lease_id: UUID, other_charge_id: UUID) -> Response:
    line = _charge(asked, lease_id, other_charge_id)
    words = {"line": line, "kind": KINDS[OtherChargeKind(line["kind"])]}
    return account_form(asked, "other_charge.html", lease_id, **words)


@ROUTES.act(CHARGE, roles=OFFICER, form=other_charge_correction)
def correct_other_charge(asked: Asked, lease_id: UUID, other_charge_id: UUID) -> Response:
    with asked.form as form:
        cents = form.cents("amount", "le montant", least=1)
        due_on = form.day("due_on", "l'échéance")
    said = (lease_id, other_charge_id, cents, due_on)
    receipt = charging_apart.correct_other_charge(asked.service, asked.caller(), *said)
    return asked.redirect(f"accounts/{lease_id}", receipt)


@ROUTES.page(f"{CHARGE}/cancellation", roles=OFFICER)
def other_charge_cancellation(asked: Asked, lease_id: UUID, other_charge_id: UUID) -> Response:
    line = _charge(asked, lease_id, other_charge_id)
    return account_form(
        asked,
        "confirm.html",
        lease_id,
        question=f"Annuler « {line['reference']} » ?",
        consequence=f"{format_cents(line['cents'])} ne sont plus dus. Ce qui a été payé pour cela "
        "reste sur ce compte à part, jusqu'à ce que vous le remettiez au loyer.",
        button="Annuler ce montant",
    )


@ROUTES.act(f"{CHARGE}/cancellation", roles=OFFICER, form=other_charge_cancellation)
def cancel_other_charge(asked: Asked, lease_id: UUID, other_charge_id: UUID) -> Response:
    charging_apart.cancel_other_charge(asked.service, asked.caller(), lease_id, other_charge_id)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(f"{ACCOUNT}/payments/{{payment_id}}/other-charges", roles=OFFICER)
def other_payment_form(asked: Asked, lease_id: UUID, payment_id: UUID) -> Response:
    line = line_of(asked, lease_id, kind="payment", line_id=payment_id)
    case_id = ArrearsCase.id_of(asked.company.slug, lease_id)
    known = replayed(asked.service, [lease_id, case_id])
    account, case = known[lease_id], known.get(case_id)
    if payment_id not in account.payments:
        raise MoreThanThePayment("Ce paiement n'est plus sur ce compte.", payment_cents=0)
    due = {k: account.due_of(k, charging_apart.charged_by(case, k)) for k in KINDS}
    kinds = [
        (kind.value, f"{word} : {format_cents(due[kind])} à payer")
        for kind, word in KINDS.items()
        if due[kind] > 0
    ]
    left = account.payments[payment_id].cents
    return account_form(
        asked, "other_charge_payment.html", lease_id, line=line, kinds=kinds, left=left
    )


@ROUTES.act(
    f"{ACCOUNT}/payments/{{payment_id}}/other-charges", roles=OFFICER, form=other_payment_form
)
def put_to_other_charge(asked: Asked, lease_id: UUID, payment_id: UUID) -> Response:
    with asked.form as form:
        kind = form.choice("kind", "pour quoi c'était", OtherChargeKind)
        cents = form.cents("amount", "le montant", least=1)
    said = (lease_id, payment_id, kind, cents)
    charging_apart.pay_other_charge(asked.service, asked.caller(), *said)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(PART, roles=OFFICER)
def other_payment_withdrawal(asked: Asked, lease_id: UUID, part_id: UUID) -> Response:
    line = _line(asked, lease_id, part_id)
    if line is None or line["what"] != "payment":
        raise OtherChargePaymentNotOnAccount(
            "Cette part de paiement n'est pas, ou plus, sur ce compte."
        )
    return account_form(
        asked,
        "confirm.html",
        lease_id,
        question="Remettre cet argent au loyer ?",
        consequence=f"{format_cents(-line['cents'])} du {format_day(line['on_day'])} ne paient "
        f"plus « {KINDS[OtherChargeKind(line['kind'])]} » et reviennent sur le compte du loyer.",
        button="Remettre au loyer",
    )


@ROUTES.act(PART, roles=OFFICER, form=other_payment_withdrawal)
def take_back_other_payment(asked: Asked, lease_id: UUID, part_id: UUID) -> Response:
    charging_apart.withdraw_other_charge_payment(asked.service, asked.caller(), lease_id, part_id)
    return asked.redirect(f"accounts/{lease_id}")
