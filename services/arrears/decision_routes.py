"""Routes of what people decide about an account's money: forms for the desk, JSON for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, Field

from contracts.account_decisions import CreditReturnReason, DecidedBy, WriteOffReason
from services.arrears import deciding
from services.arrears.account_decisions import (
    CreditOfAnotherHousehold,
    DecisionNotOnAccount,
    MoreThanIsOwed,
    MoreThanTheCredit,
)
from services.arrears.account_money import PaymentWasReturned
from services.arrears.account_pages import ACCOUNT, account_form, line_of
from services.arrears.accounts_in_arrears import select_balance, select_leases_of
from services.arrears.api import OFFICER
from services.arrears.deciding import DecisionDayNotPossible, PaymentMovedOn
from services.chassis.amounts import format_cents, format_day
from services.chassis.asked import Asked, Asking, ReceiptBody
from services.chassis.forms import Day, choices_of
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes
from services.chassis.templating import plain_cents

ROUTES = Routes()
API = "/api/{company}/accounts/{lease_id}"
DECISION = "decisions/{decision_id}/withdrawal"
NOT_ANOTHER = "paid-out"
AMOUNT = Annotated[int, Field(ge=1, le=10**9)]
WRITE_OFFS = {
    WriteOffReason.PRESCRIBED: "La dette est prescrite",
    WriteOffReason.DEBT_SETTLEMENT: "Règlement collectif de dettes",
    WriteOffReason.NO_ESTATE: "Décès sans succession",
    WriteOffReason.COURT_DECISION: "Décision d'un juge",
    WriteOffReason.SMALL_AMOUNT: "Montant minime",
    WriteOffReason.COST_EXCEEDS_DEBT: "Recouvrer coûterait plus que la dette",
}
DECIDERS = {
    DecidedBy.BOARD: "Le conseil d'administration",
    DecidedBy.MANAGER: "La direction",
    DecidedBy.COURT: "Un juge",
}
CREDIT_RETURNS = {
    CreditReturnReason.LEASE_ENDED: "Le bail est fini",
    CreditReturnReason.PAID_TWICE: "Payé deux fois",
    CreditReturnReason.AT_REQUEST: "À la demande du ménage",
    CreditReturnReason.TRANSFERRED: "Le ménage a changé de logement",
}
GIVEN_BACK_ONCE = (
    " Ne rattachez pas ensuite la sortie de l'extrait de banque, et versez sans la communication "
    "du bail\u00a0: le remboursement serait compté deux fois."
)


class WriteOffBody(BaseModel):
    """What is no longer asked for, in integer cents, and who decided it."""

    amount_cents: AMOUNT
    written_off_on: Day
    reason: WriteOffReason
    decided_by: DecidedBy


class CreditReturnBody(BaseModel):
    """What leaves the account, in integer cents; `to_lease_id`: a lease of the same household."""

    amount_cents: AMOUNT
    returned_on: Day
    reason: CreditReturnReason
    to_lease_id: UUID | None = None


@ROUTES.api(
    "POST",
    f"{API}/write-offs",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, MoreThanIsOwed, DecisionDayNotPossible),
)
def write_off(asked: Asked, lease_id: UUID, body: WriteOffBody) -> Response:
    """A part of what is owed is no longer asked for."""
    said = (body.amount_cents, body.written_off_on, body.reason, body.decided_by)
    return asked.receipt(deciding.write_off(asked.service, asked.caller(), lease_id, *said))


@ROUTES.api(
    "POST",
    f"{API}/credit-returns",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, MoreThanTheCredit, CreditOfAnotherHousehold, DecisionDayNotPossible),
)
def return_credit(asked: Asked, lease_id: UUID, body: CreditReturnBody) -> Response:
    """What was paid too much leaves the account."""
    said = (body.amount_cents, body.returned_on, body.reason, body.to_lease_id)
    return asked.receipt(deciding.return_credit(asked.service, asked.caller(), lease_id, *said))


@ROUTES.api(
    "POST",
    f"{API}/{DECISION}",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, DecisionNotOnAccount, PaymentMovedOn, PaymentWasReturned),
)
def withdraw_decision(asked: Asked, lease_id: UUID, decision_id: UUID) -> Response:
    """It was noted by mistake."""
    done = deciding.withdraw_decision(asked.service, asked.caller(), lease_id, decision_id)
    return asked.receipt(done)


def _form(
    asked: Asking, lease_id: UUID, proposed: dict[str, str] | None = None, **words: Any
) -> Response:
    """`proposed`: what fields say before anybody typed; the amount is then the whole balance."""
    with asked.service.datastore.reading() as rows:
        balance = abs(select_balance(rows, lease_id, asked.today))
    if proposed:
        proposed = {"amount": plain_cents(balance), **proposed}
    told = {"balance": balance, "proposed": proposed or {}}
    return account_form(asked, "account_decision.html", lease_id, **told, **words)


@ROUTES.page(f"{ACCOUNT}/write-off", roles=OFFICER)
def write_off_form(asked: Asked, lease_id: UUID) -> Response:
    return _form(
        asked,
        lease_id,
        question="Abandonner une créance",
        consequence="Le montant n'est plus demandé à partir du jour de la décision. Ce n'est pas "
        "un paiement : le taux d'encaissement ne change pas.",
        day_label="Jour de la décision",
        radios=[
            ("reason", "Pourquoi", choices_of(WRITE_OFFS)),
            ("decided_by", "Qui l'a décidé", choices_of(DECIDERS)),
        ],
        button="Abandonner la créance",
    )


@ROUTES.act(f"{ACCOUNT}/write-off", roles=OFFICER, form=write_off_form)
def note_write_off(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        cents = form.cents("amount", "le montant", least=1)
        on = form.day("decided_on", "le jour de la décision")
        reason = form.choice("reason", "pourquoi", WriteOffReason)
        decided_by = form.choice("decided_by", "qui l'a décidé", DecidedBy)
    deciding.write_off(asked.service, asked.caller(), lease_id, cents, on, reason, decided_by)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(f"{ACCOUNT}/credit", roles=OFFICER)
def credit_return_form(asked: Asked, lease_id: UUID, to: UUID | None = None) -> Response:
    """`to`: the household's lease for which the whole credit is proposed."""
    with asked.service.datastore.reading() as rows:
        others = select_leases_of(rows, lease_id)
    leases = [(str(row["lease_id"]), f"Sur le bail {row['reference']}") for row in others]
    where = [("to", "Où va l'argent", [(NOT_ANOTHER, "Au ménage, sur son compte"), *leases])]
    proposed = {"to": str(to), "reason": CreditReturnReason.TRANSFERRED.value} if to else None
    return _form(
        asked,
        lease_id,
        proposed,
        question="Déplacer l'avance" if to else "Rendre l'avance",
        consequence="Le montant quitte ce compte. Il ne peut jamais payer la dette d'un autre "
        f"ménage.{'' if to else GIVEN_BACK_ONCE}",
        day_label="Jour du déplacement" if to else "Jour du remboursement",
        radios=[("reason", "Pourquoi", choices_of(CREDIT_RETURNS)), *(where if leases else [])],
        button="Déplacer l'avance" if to else "Rendre l'avance",
    )


@ROUTES.act(f"{ACCOUNT}/credit", roles=OFFICER, form=credit_return_form)
def note_credit_return(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        cents = form.cents("amount", "le montant", least=1)
        on = form.day("decided_on", "le jour du remboursement")
        reason = form.choice("reason", "pourquoi", CreditReturnReason)
        paid_out = form.value("to", NOT_ANOTHER) in ("", NOT_ANOTHER)
        to_lease_id = None if paid_out else form.uuid("to", "où va l'argent")
    deciding.return_credit(asked.service, asked.caller(), lease_id, cents, on, reason, to_lease_id)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(f"{ACCOUNT}/{DECISION}", roles=OFFICER)
def decision_withdrawal(asked: Asked, lease_id: UUID, decision_id: UUID) -> Response:
    line = line_of(asked, lease_id, line_id=decision_id)
    what = {
        "write-off": "cet abandon de créance",
        "credit-returned": "ce remboursement",
        "credit-moved": "ce déplacement",
    }
    if line["kind"] not in what:
        raise DecisionNotOnAccount("Cette décision n'est pas, ou plus, sur ce compte.")
    return account_form(
        asked,
        "confirm.html",
        lease_id,
        question=f"Retirer {what[line['kind']]} ?",
        consequence=f"{format_cents(abs(line['cents']))} du {format_day(line['on_day'])} : cela a "
        "été noté par erreur, et le compte redevient ce qu'il était.",
        button="Retirer",
    )


@ROUTES.act(f"{ACCOUNT}/{DECISION}", roles=OFFICER, form=decision_withdrawal)
def take_back_decision(asked: Asked, lease_id: UUID, decision_id: UUID) -> Response:
    deciding.withdraw_decision(asked.service, asked.caller(), lease_id, decision_id)
    return asked.redirect(f"accounts/{lease_id}")
