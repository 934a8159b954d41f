"""What is owed besides rent, noted on one account by an officer, and payments that were for it."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.other_charges import OtherChargeKind
from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.deciding import on_account
from services.arrears.due_days import DueDays
from services.arrears.legal.legal_path import LegalPath
from services.arrears.policy import policy_on
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt

if TYPE_CHECKING:
    from services.arrears.service import Arrears


def record_other_charge(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    kind: OtherChargeKind,
    amount_cents: int,
    due_on: date,
    reference: str,
) -> Receipt:
    """Records: OtherChargeRecorded.

    Refuses: CourtCostsOnLegalPath, OtherChargeAlreadyRecorded, RentAccountIsClosed (409), NotFound
    (404), StaleEdit (412).
    """
    said = (kind, amount_cents, due_on, reference)

    def decide(_: Act, account: RentAccount) -> UUID:
        return account.record_other_charge(arrears.company.slug, *said)

    return on_account(arrears, caller, lease_id, decide)


def correct_other_charge(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    other_charge_id: UUID,
    amount_cents: int,
    due_on: date,
) -> Receipt:
    """Records: OtherChargeCorrected.   Refuses: OtherChargeNotRecorded, NotFound (404)."""

    def decide(_: Act, account: RentAccount) -> UUID:
        account.correct_other_charge(other_charge_id, amount_cents, due_on)
        return other_charge_id

    return on_account(arrears, caller, lease_id, decide)


def cancel_other_charge(
    arrears: "Arrears", caller: Caller, lease_id: UUID, other_charge_id: UUID
) -> Receipt:
    """Records: OtherChargeCancelled.   Refuses: OtherChargeNotRecorded, NotFound (404)."""

    def decide(_: Act, account: RentAccount) -> UUID:
        account.cancel_other_charge(other_charge_id)
        return other_charge_id

    return on_account(arrears, caller, lease_id, decide)


def pay_other_charge(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    payment_id: UUID,
    kind: OtherChargeKind,
    cents: int,
) -> Receipt:
    """A payment on the account, or a part of it, was for another kind.

    Records: OtherChargePaid and what follows from it; PaymentMissed of months judged before that
    are unpaid without the money.
    Refuses: MoreThanThePayment, MoreThanIsDueOfKind (409), NotFound (404), StaleEdit (412).
    """

    def decide(act: Act, account: RentAccount) -> UUID:
        of_case = charged_by(act.find(ArrearsCase, ArrearsCase.id_of(slug, lease_id)), kind)
        paid = account.pay_other_charge(slug, payment_id, kind, cents, of_case)
        _judge_again(act, account, account.payments[payment_id].value_date)
        return paid

    slug = arrears.company.slug
    return on_account(arrears, caller, lease_id, decide)


def withdraw_other_charge_payment(
    arrears: "Arrears", caller: Caller, lease_id: UUID, identity: UUID
) -> Receipt:
    """The money was the rent account's after all.   Records: OtherChargePaymentWithdrawn.

    Refuses: OtherChargePaymentNotOnAccount, NotFound (404), StaleEdit (412).
    """

    def decide(act: Act, account: RentAccount) -> UUID:
        account.withdraw_other_charge_payment(identity, act.today)
        return identity

    return on_account(arrears, caller, lease_id, decide)


def charged_by(case: ArrearsCase | None, kind: OtherChargeKind) -> int:
    """What a case has charged of a kind and stands: costs of the court, fees of steps. In cents."""
    if case is None:
        return 0
    if kind is OtherChargeKind.FEES:
        return case.fees_cents
    costs = (e for e in case.entries.values() if isinstance(e, LegalPath.CourtCostsIncurred))
    return sum(e.cost_cents for e in costs) if kind is OtherChargeKind.COURT_COSTS else 0


def _judge_again(act: Act, account: RentAccount, since: date) -> None:
    """Due days that were judged with money which was not the rent's."""
    days = act.find(DueDays, DueDays.id_of(act.service.company.slug))
    last = days.last_judged if days else date.min
    for due_on in sorted({charge.due_on for charge in account.charges.values()}):
        judged_on = policy_on(due_on).judged_on(due_on)
        if due_on <= last and judged_on >= since:
            account.judge(due_on, judged_on)
