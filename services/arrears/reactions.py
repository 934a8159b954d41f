"""What arrears does when it hears of a lease and of its end."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.arrears import MatchedBy, UnmatchedReason
from contracts.intake import LeaseEnded, Leaseholder, LeaseSigned
from services.arrears.payer_accounts import PayerAccounts
from services.arrears.payment_orders import PaymentOrders
from services.arrears.rent_account import RentAccount
from services.arrears.rent_period import PeriodDoesNotFit, PeriodOverlaps
from services.arrears.unmatched_payment import UnmatchedPayment
from services.arrears.waiting_charge import WaitingCharge
from services.chassis.act import Act
from services.chassis.clock import day_of
from services.chassis.received import Received

if TYPE_CHECKING:
    from services.arrears.service import Arrears


def on_lease_signed(arrears: "Arrears", act: Act, fact: Received) -> None:
    """Open the lease's rent account and join what waited for it.

    Corrected: charges at the old rent are charged anew; those before the new start, and of periods
    by which the rent is not asked for, are cancelled.
    Withdrawn: every charge is cancelled and every payment waits for a person again.
    """
    lease: LeaseSigned = fact.data
    account = act.find(RentAccount, lease.lease_id) or RentAccount.open_account(
        lease.lease_id, lease.household_id, lease.start_on
    )
    if fact.envelope.withdrawn:
        _withdraw(act, account, day_of(fact.envelope.recorded_at))
        return
    if fact.envelope.id in account.heard:
        return
    before = account.terms
    account.trigger_event(
        RentAccount.LeaseKnown,
        reference=lease.reference,
        dwelling_reference=lease.dwelling_reference,
        start_on=lease.start_on,
        rent_cents=lease.rent_cents,
        charges_cents=lease.charges_cents,
        payment_reference=lease.payment_reference,
        leaseholders=[_holder(holder) for holder in lease.leaseholders],
        because=fact.envelope.id,
        rent_period=lease.rent_period,
        occurred_on=lease.start_on,
    )
    if before is not None and fact.envelope.corrects:
        _charge_anew(account, before, lease)
    act.save(account)
    _join_what_waited(arrears, act, account, lease)


def _holder(holder: Leaseholder) -> dict[str, Any]:
    """What a letter needs of a leaseholder; name, contact and address stay sealed."""
    told = holder.model_dump(mode="json", exclude_none=True)
    return {name: value for name, value in told.items() if name != "person_id"}


def _charge_anew(account: RentAccount, before: RentAccount.LeaseKnown, lease: LeaseSigned) -> None:
    for charge in list(account.charges.values()):
        if charge.is_before(lease.start_on) or not account.is_of_the_rent(charge):
            account.cancel_charge(charge.key)
            continue
        amounts = (charge.rent_cents, charge.charges_cents)
        if amounts == (before.rent_cents, before.charges_cents):
            amounts = (lease.rent_cents, lease.charges_cents)
        account.correct_charge(charge.key, *amounts)


def _withdraw(act: Act, account: RentAccount, on: date) -> None:
    released = list(account.payments)
    account.close(on)
    for payment_id in released:
        release(act, account, payment_id, UnmatchedReason.LEASE_WITHDRAWN, on)
    act.save(account)


def release(
    act: Act, account: RentAccount, payment_id: UUID, reason: UnmatchedReason, on: date
) -> None:
    """Money that is not this lease's waits for a person (again)."""
    payment = account.release_payment(payment_id)
    act.save(account)
    waiting = act.find(UnmatchedPayment, payment_id)
    if waiting is not None:
        waiting.unassign(on)
    elif payment.cents > 0:
        waiting = UnmatchedPayment.keep(payment_id, payment.cents, payment.value_date, reason, None)
    if waiting is not None:
        act.save(waiting)


def _join_what_waited(
    arrears: "Arrears", act: Act, account: RentAccount, lease: LeaseSigned
) -> None:
    charges = act.rows(
        "SELECT charge_id FROM waiting_charge WHERE reference = %s AND NOT joined"
        " ORDER BY month, period_start",
        (lease.reference,),
    )
    for row in charges:
        charge = act.load(WaitingCharge, row["charge_id"])
        asked = (charge.key, charge.due_on, charge.rent_cents, charge.charges_cents)
        try:
            arrears.charge(act, account, *asked)
        except (PeriodDoesNotFit, PeriodOverlaps):
            continue  # it goes on waiting; the page of imports shows it, its lease being known
        charge.join(charge.due_on)
        act.save(charge)
    payments = act.rows(
        "SELECT payment_id FROM unmatched_payment WHERE payment_reference = %s"
        " AND lease_id IS NULL ORDER BY value_date, payment_id",
        (lease.payment_reference,),
    )
    for row in payments:
        assign(act, account, row["payment_id"], MatchedBy.STRUCTURED_COMMUNICATION)


def assign(act: Act, account: RentAccount, payment_id: UUID, matched_by: MatchedBy) -> None:
    """Money that matched nothing is this lease's."""
    payment = act.load(UnmatchedPayment, payment_id)
    payment.assign(account.id, matched_by, payment.value_date)
    act.save(payment)
    ordering = PaymentOrders(act).of(account.id, payment.value_date)
    money = (payment_id, payment.amount_cents, payment.value_date, matched_by)
    account.receive_payment(*money, ordering=ordering)
    PayerAccounts(act, [account]).learn_from(account, payment)
    act.save(account)


def on_lease_ended(arrears: "Arrears", act: Act, fact: Received) -> None:
    """Present and departed tenants are told apart from here on (BR-05)."""
    end: LeaseEnded = fact.data
    account = act.find(RentAccount, end.lease_id) or RentAccount.open_account(
        end.lease_id, end.household_id, end.ended_on
    )
    ended_on = None if fact.envelope.withdrawn else end.ended_on
    if account.ended_on != ended_on and fact.envelope.id not in account.heard:
        account.trigger_event(
            RentAccount.LeaseEndKnown,
            ended_on=ended_on,
            because=fact.envelope.id,
            occurred_on=end.ended_on,
        )
    act.save(account)


REACTIONS = {LeaseSigned.TYPE: on_lease_signed, LeaseEnded.TYPE: on_lease_ended}
