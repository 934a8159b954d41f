"""The JSON routes of arrears: accounts, what is late, money without a lease."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field

from services.arrears import shown
from services.arrears.account_money import PaymentWasReturned
from services.arrears.account_search import search as find_accounts
from services.arrears.accounts_in_arrears import select_lines
from services.arrears.bank_data import count_unmatched, select_unmatched
from services.arrears.bank_file_cut_off import BankFileCutOff
from services.arrears.credits_to_move import select_credits_to_move
from services.arrears.imports import FileKind, import_file
from services.arrears.other_accounts import select_other_accounts
from services.arrears.rent_charges import MonthAlreadyCharged, MonthNotCharged
from services.arrears.service import PaymentNotOnAccount
from services.arrears.unmatched_payment import PaymentAlreadyAssigned
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.caller import Caller
from services.chassis.forms import Day, plain
from services.chassis.identity import Role
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

OFFICER = {Role.ARREARS_OFFICER}
READERS = {Role.ARREARS_OFFICER, Role.MANAGER, Role.AUDITOR}
SEALED = {"payer", "communication", "payer_account"}
ChargeKey = Annotated[
    str, Path(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$")
]
"""The month charged, or the first day of the period."""

ROUTES = Routes()


class Assignment(BaseModel):
    """Whose money it is."""

    lease_id: UUID


class ChargeAmounts(BaseModel):
    """The right amounts of a month or period, in integer cents."""

    rent_cents: int = Field(ge=0, le=10**9)
    charges_cents: int = Field(ge=0, le=10**9)


@ROUTES.api("GET", "/api/{company}/accounts-in-arrears", roles=READERS)
def accounts_in_arrears(asked: Asked, on: Day | None = None) -> dict[str, Any]:
    """Accounts that owe something on a day, largest debt first, by what is known now.

    `on`: today at the latest; else the last day on which bank data is complete.
    """
    data = asked.service.bank_data()
    day = min(on or data.complete_until or asked.today, asked.today)
    found = shown.in_arrears(asked.service, day)
    return {"as_of": day.isoformat(), "bank_complete_until": data.complete_until, "accounts": found}


@ROUTES.api("GET", "/api/{company}/accounts", roles=READERS)
def accounts(asked: Asked, search: Annotated[str, Query(max_length=40)] = "") -> dict[str, Any]:
    """Accounts by lease number, dwelling number, structured communication, name, address or amount.

    `because` says why an account is found that its number or name does not tell.
    """
    return {"accounts": find_accounts(asked.service, plain(search, "search"), asked.today)}


@ROUTES.api("GET", "/api/{company}/accounts/{lease_id}", roles=READERS, refusals=[NotFound])
def account(asked: Asked, lease_id: UUID) -> dict[str, Any]:
    """One account: its lines and the balance after each, and those of each kind besides rent."""
    found = shown.account(asked.service, lease_id)
    with asked.service.datastore.reading() as rows:
        return {
            "account": found,
            "lines": select_lines(rows, lease_id),
            "other_accounts": select_other_accounts(rows, lease_id, asked.today),
        }


@ROUTES.api(
    "POST",
    "/api/{company}/imports/{kind}",
    roles=OFFICER,
    uploads=True,
    refusals=[BankFileCutOff],
)
def import_money(
    asked: Asked,
    kind: FileKind,
    filename: Annotated[str, Query(max_length=200)] = "",
    *,
    dry_run: bool = False,
    partial: bool = False,
) -> dict[str, Any]:
    """The file is the body, as it is. Answers the report, whatever it says: see its `state`."""
    return import_file(
        asked.service,
        Caller(asked.account.id),
        kind,
        plain(filename, "filename"),
        asked.body,
        dry_run=dry_run,
        partial=partial,
    )


@ROUTES.api("GET", "/api/{company}/unmatched-payments", roles=READERS)
def unmatched_payments(
    asked: Asked,
    value_date: Day | None = None,
    amount_cents: Annotated[int | None, Query(ge=0, le=10**9)] = None,
) -> dict[str, Any]:
    """Money that matches no lease, oldest first; of one day or amount if asked.

    `credits_to_move`: what was paid too much on leases that are over, and for which one it may be.
    """
    with asked.service.datastore.reading() as rows:
        count, cents = count_unmatched(rows)
        found = select_unmatched(rows, value_date=value_date, amount_cents=amount_cents)
    plain = [{k: v for k, v in row.items() if k not in SEALED} for row in found]
    to_move = select_credits_to_move(asked.service, asked.today)
    return {"count": count, "cents": cents, "payments": plain, "credits_to_move": to_move}


@ROUTES.api(
    "POST",
    "/api/{company}/unmatched-payments/{payment_id}/assignment",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, PaymentAlreadyAssigned),
)
def assign_payment(asked: Asked, payment_id: UUID, assignment: Assignment) -> Response:
    """Say whose money it is."""
    return asked.receipt(
        asked.service.assign_payment(asked.caller(), payment_id, assignment.lease_id)
    )


@ROUTES.api(
    "PUT",
    "/api/{company}/accounts/{lease_id}/charges/{charge}",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, MonthNotCharged, MonthAlreadyCharged),
)
def correct_charge(
    asked: Asked, lease_id: UUID, charge: ChargeKey, amounts: ChargeAmounts
) -> Response:
    """Charge a month or a period anew for the right amounts."""
    receipt = asked.service.correct_charge(
        asked.caller(), lease_id, charge, amounts.rent_cents, amounts.charges_cents
    )
    return asked.receipt(receipt)


@ROUTES.api(
    "POST",
    "/api/{company}/accounts/{lease_id}/charges/{charge}/cancellation",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, MonthNotCharged),
)
def cancel_charge(asked: Asked, lease_id: UUID, charge: ChargeKey) -> Response:
    """The month or period was never due."""
    return asked.receipt(asked.service.cancel_charge(asked.caller(), lease_id, charge))


@ROUTES.api(
    "POST",
    "/api/{company}/accounts/{lease_id}/payments/{payment_id}/release",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, PaymentNotOnAccount, PaymentWasReturned),
)
def release_payment(asked: Asked, lease_id: UUID, payment_id: UUID) -> Response:
    """The money was not for this lease: it waits for a person again."""
    return asked.receipt(asked.service.release_payment(asked.caller(), lease_id, payment_id))
