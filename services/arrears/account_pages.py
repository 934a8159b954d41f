"""The pages of one rent account: its lines, and those that a person may take back."""

from typing import Any
from uuid import UUID

from fastapi import Response
from stdnum.be import ogm_vcs

from contracts.words import RentPeriod
from services.arrears import shown
from services.arrears.accounts_in_arrears import select_lines, select_version
from services.arrears.api import OFFICER, READERS, ChargeMonth
from services.arrears.legal.forms import COSTS
from services.arrears.other_accounts import KINDS, select_other_accounts
from services.arrears.rent_period import comes_to, words_of
from services.chassis.amounts import format_cents, format_day
from services.chassis.asked import Asked, Asking
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

Line = dict[str, Any]
ACCOUNT = "/{company}/accounts/{lease_id}"
LINES = {
    "charge": "Loyer et charges",
    "payment": "Paiement",
    "reversal": "Paiement repris par la banque",
    "write-off": "Créance abandonnée",
    "credit-returned": "Avance rendue",
    "put-apart": "Part d'un paiement mise en dehors du loyer",
}
DECIDED = ("write-off", "credit-returned")
ROUTES = Routes()


@ROUTES.page(ACCOUNT, roles=READERS)
def account(asked: Asked, lease_id: UUID) -> Response:
    found = shown.account(asked.service, lease_id)
    with asked.service.datastore.reading() as rows:
        lines = select_lines(rows, lease_id)
        others = select_other_accounts(rows, lease_id, asked.today)
    due = [line for line in lines if line["on_day"] <= asked.today]
    return asked.render(
        "account.html",
        rent_account=found,
        lines=list(reversed(lines)),
        balance=due[-1]["balance_cents"] if due else 0,
        kinds=LINES,
        decided=DECIDED,
        others=others,
        other_words=KINDS,
        costs=COSTS,
        may_act=asked.may(f"{ACCOUNT}/charges/{{month}}", "POST"),
        rent=_rent(found),
        communication=structured(found["payment_reference"]) or "Non connue",
    )


def _rent(found: dict[str, Any]) -> dict[str, Any] | None:
    """What a rent comes to that is not monthly, with how often it is asked for."""
    if found["rent_period"] is None:
        return None
    period = RentPeriod(found["rent_period"])
    rows = comes_to(period, found["rent_cents"], found["charges_cents"])
    return {"asked": words_of(period), "rows": rows}


def structured(digits: str | None) -> str:
    return f"+++{ogm_vcs.format(digits)}+++" if digits else ""


def line_of(asked: Asking, lease_id: UUID, **wanted: Any) -> Line:
    """The line of an account whose columns are as `wanted`. Errors: NotFound."""
    with asked.service.datastore.reading() as rows:
        lines = select_lines(rows, lease_id)
    for line in lines:
        if wanted.items() <= line.items():
            return line
    raise NotFound("Cette ligne n'est pas, ou plus, sur ce compte.")


def account_form(asked: Asking, template: str, lease_id: UUID, **words: Any) -> Response:
    rent_account = shown.account(asked.service, lease_id)
    with asked.service.datastore.reading() as rows:
        version = select_version(rows, lease_id)
    return asked.render(template, rent_account=rent_account, version=version, **words)


def _month(line: Line) -> str:
    year, _, month = line["month"].partition("-")
    return f"{month}/{year}"


@ROUTES.page(f"{ACCOUNT}/charges/{{month}}", roles=OFFICER)
def charge_correction(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    line = line_of(asked, lease_id, month=month)
    words = {"line": line, "month": _month(line)}
    return account_form(asked, "charge_correction.html", lease_id, **words)


@ROUTES.act(f"{ACCOUNT}/charges/{{month}}", roles=OFFICER, form=charge_correction)
def correct_charge(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    with asked.form as form:
        rent = form.cents("rent", "le loyer")
        charges = form.cents("charges", "les charges")
    asked.service.correct_charge(asked.caller(), lease_id, month, rent, charges)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(f"{ACCOUNT}/charges/{{month}}/cancellation", roles=OFFICER)
def charge_cancellation(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    line = line_of(asked, lease_id, month=month)
    return account_form(
        asked,
        "confirm.html",
        lease_id,
        question=f"Annuler le loyer de {_month(line)} ?",
        consequence=f"{format_cents(line['cents'])} ne sont plus dus : ce mois n'aurait pas dû "
        "être facturé. Ce qui a été payé va aux autres mois.",
        button="Annuler le loyer",
    )


@ROUTES.act(f"{ACCOUNT}/charges/{{month}}/cancellation", roles=OFFICER, form=charge_cancellation)
def cancel_charge(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    asked.service.cancel_charge(asked.caller(), lease_id, month)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(f"{ACCOUNT}/payments/{{payment_id}}/release", roles=OFFICER)
def payment_release(asked: Asked, lease_id: UUID, payment_id: UUID) -> Response:
    line = line_of(asked, lease_id, kind="payment", line_id=payment_id)
    return account_form(
        asked,
        "confirm.html",
        lease_id,
        question="Retirer ce paiement du compte ?",
        consequence=f"Le paiement de {format_cents(-line['cents'])} du "
        f"{format_day(line['on_day'])} n'était pas pour ce bail. Il attendra parmi les paiements "
        "sans bail, et vous pourrez l'attribuer à un autre.",
        button="Retirer le paiement",
    )


@ROUTES.act(f"{ACCOUNT}/payments/{{payment_id}}/release", roles=OFFICER, form=payment_release)
def release_payment(asked: Asked, lease_id: UUID, payment_id: UUID) -> Response:
    asked.service.release_payment(asked.caller(), lease_id, payment_id)
    return asked.redirect(f"unmatched-payments/{payment_id}/assignment")
