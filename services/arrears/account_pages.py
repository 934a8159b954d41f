"""The pages of one rent account: its lines, and those that a person may take back."""

from typing import Any
from uuid import UUID

from fastapi import Response
from stdnum.be import ogm_vcs

from services.arrears import shown
from services.arrears.accounts_in_arrears import select_account, select_lines, select_version
from services.arrears.api import OFFICER, READERS, ChargeMonth
from services.chassis.asked import Asked, Asking
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

ACCOUNT = "/{company}/accounts/{lease_id}"
LINES = {
    "charge": "Loyer et charges",
    "payment": "Paiement",
    "reversal": "Paiement repris par la banque",
}
ROUTES = Routes()


@ROUTES.page(ACCOUNT, roles=READERS)
def account(asked: Asked, lease_id: UUID) -> Response:
    found = account_of(asked, lease_id)
    with asked.service.datastore.reading() as rows:
        lines = select_lines(rows, lease_id)
    due = [line for line in lines if line["on_day"] <= asked.today]
    return asked.render(
        "account.html",
        rent_account=found,
        lines=list(reversed(lines)),
        balance=due[-1]["balance_cents"] if due else 0,
        kinds=LINES,
        may_act=asked.may(f"{ACCOUNT}/charges/{{month}}", "POST"),
        communication=structured(found["payment_reference"]) or "Non connue",
    )


def account_of(asked: Asking, lease_id: UUID) -> dict[str, Any]:
    found = shown.accounts(asked.service, lambda rows: select_account(rows, lease_id))
    if not found:
        raise NotFound("Ce compte n'existe pas dans cette société.")
    return found[0]


def structured(digits: str | None) -> str:
    return f"+++{ogm_vcs.format(digits)}+++" if digits else ""


def _line_page(asked: Asking, template: str, lease_id: UUID, **context: Any) -> Response:
    account = account_of(asked, lease_id)
    with asked.service.datastore.reading() as rows:
        lines = select_lines(rows, lease_id)
        version = select_version(rows, lease_id)
    wanted = {str(value) for value in context.values()}
    found = [line for line in lines if {line["month"], str(line["line_id"])} & wanted]
    if not found:
        raise NotFound("Cette ligne n'est pas, ou plus, sur ce compte.")
    return asked.render(template, rent_account=account, line=found[0], version=version)


@ROUTES.page(f"{ACCOUNT}/charges/{{month}}", roles=OFFICER)
def charge_correction(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    return _line_page(asked, "charge_correction.html", lease_id, month=month)


@ROUTES.act(f"{ACCOUNT}/charges/{{month}}", roles=OFFICER, form=charge_correction)
def correct_charge(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    with asked.form as form:
        rent = form.cents("rent", "le loyer")
        charges = form.cents("charges", "les charges")
    asked.service.correct_charge(asked.caller(), lease_id, month, rent, charges)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(f"{ACCOUNT}/charges/{{month}}/cancellation", roles=OFFICER)
def charge_cancellation(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    return _line_page(asked, "charge_cancellation.html", lease_id, month=month)


@ROUTES.act(f"{ACCOUNT}/charges/{{month}}/cancellation", roles=OFFICER, form=charge_cancellation)
def cancel_charge(asked: Asked, lease_id: UUID, month: ChargeMonth) -> Response:
    asked.service.cancel_charge(asked.caller(), lease_id, month)
    return asked.redirect(f"accounts/{lease_id}")


@ROUTES.page(f"{ACCOUNT}/payments/{{payment_id}}/release", roles=OFFICER)
def payment_release(asked: Asked, lease_id: UUID, payment_id: UUID) -> Response:
    return _line_page(asked, "payment_release.html", lease_id, payment_id=payment_id)


@ROUTES.act(f"{ACCOUNT}/payments/{{payment_id}}/release", roles=OFFICER, form=payment_release)
def release_payment(asked: Asked, lease_id: UUID, payment_id: UUID) -> Response:
    asked.service.release_payment(asked.caller(), lease_id, payment_id)
    return asked.redirect(f"unmatched-payments/{payment_id}/assignment")
