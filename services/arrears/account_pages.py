"""The pages of one rent account: its lines, and those that a person may take back."""

from typing import Any
from uuid import UUID

from fastapi import Response
from stdnum.be import ogm_vcs

from contracts.arrears import PaidBy
from contracts.words import RentPeriod
from services.arrears import shown
from services.arrears.accounts_in_arrears import select_lines, select_version
from services.arrears.api import OFFICER, READERS, ChargeKey
from services.arrears.other_accounts import KINDS, said_of, select_other_accounts
from services.arrears.rent_period import comes_to, days_of, key_of, words_of
from services.chassis.amounts import format_cents, format_day
from services.chassis.asked import Asked, Asking
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

Line = dict[str, Any]
ACCOUNT = "/{company}/accounts/{lease_id}"
PAYERS = {
    PaidBy.TENANT: "par le locataire",
    PaidBy.CPAS: "par le CPAS",
    PaidBy.OTHER: "par quelqu'un d'autre",
}
DECIDED = ("write-off", "credit-returned", "credit-moved")
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
        lines=[
            line | {"key": _key(line), "of": period_in(line), "what": what_is(line)}
            for line in reversed(lines)
        ],
        balance=due[-1]["balance_cents"] if due else 0,
        decided=DECIDED,
        others=others,
        other_words=KINDS,
        said_of=said_of,
        may_act=asked.may(f"{ACCOUNT}/charges/{{charge}}", "POST"),
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
    """The line of an account whose columns are as `wanted`, or whose charge is known by `key`.

    Errors: NotFound.
    """
    with asked.service.datastore.reading() as rows:
        lines = select_lines(rows, lease_id)
    for line in lines:
        if wanted.items() <= (line | {"key": _key(line)}).items():
            return line
    raise NotFound("Cette ligne n'est pas, ou plus, sur ce compte.")


def account_form(asked: Asking, template: str, lease_id: UUID, **words: Any) -> Response:
    rent_account = shown.account(asked.service, lease_id)
    with asked.service.datastore.reading() as rows:
        version = select_version(rows, lease_id)
    return asked.render(template, rent_account=rent_account, version=version, **words)


def _key(line: Line) -> str | None:
    return key_of(line["month"], line["period_start"]) if line["month"] else None


def period_in(line: Line) -> str:
    """What of the rent a line charges: `03/2025`, or from which day to which; else nothing."""
    if line["period_start"]:
        return days_of(line["period_start"], line["period_end"])
    return f"{line['month'][5:]}/{line['month'][:4]}" if line["month"] else ""


def what_is(line: Line) -> str:
    """What a line is, in words: of rent its month or period, of a payment who paid if known."""
    if line["paid_by"] is not None:
        return f"{shown.LINES[line['kind']]} {PAYERS[PaidBy(line['paid_by'])]}"
    return f"{shown.LINES[line['kind']]} {period_in(line)}".rstrip()


def _rent_in(line: Line) -> str:
    of_month = "" if line["period_start"] else "de "
    return f"le loyer {of_month}{period_in(line)}"


@ROUTES.page(f"{ACCOUNT}/charges/{{charge}}", roles=OFFICER)
def charge_correction(asked: Asked, lease_id: UUID, charge: ChargeKey) -> Response:
    line = line_of(asked, lease_id, key=charge)
    words = {"line": line, "key": charge, "rent_in": _rent_in(line)}
    return account_form(asked, "charge_correction.html", lease_id, **words)


@ROUTES.act(f"{ACCOUNT}/charges/{{charge}}", roles=OFFICER, form=charge_correction)
def correct_charge(asked: Asked, lease_id: UUID, charge: ChargeKey) -> Response:
    with asked.form as form:
        rent = form.cents("rent", "le loyer")
        charges = form.cents("charges", "les charges")
    receipt = asked.service.correct_charge(asked.caller(), lease_id, charge, rent, charges)
    return asked.redirect(f"accounts/{lease_id}", receipt)


@ROUTES.page(f"{ACCOUNT}/charges/{{charge}}/cancellation", roles=OFFICER)
def charge_cancellation(asked: Asked, lease_id: UUID, charge: ChargeKey) -> Response:
    line = line_of(asked, lease_id, key=charge)
    of_month = line["period_start"] is None
    return account_form(
        asked,
        "confirm.html",
        lease_id,
        question=f"Annuler {_rent_in(line)} ?",
        consequence=f"{format_cents(line['cents'])} ne sont plus dus : "
        f"{'ce mois' if of_month else 'cette période'} n'aurait pas dû être "
        f"facturé{'' if of_month else 'e'}. Ce qui a été payé va aux autres "
        f"{'mois' if of_month else 'périodes'}.",
        button="Annuler le loyer",
    )


@ROUTES.act(f"{ACCOUNT}/charges/{{charge}}/cancellation", roles=OFFICER, form=charge_cancellation)
def cancel_charge(asked: Asked, lease_id: UUID, charge: ChargeKey) -> Response:
    asked.service.cancel_charge(asked.caller(), lease_id, charge)
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
