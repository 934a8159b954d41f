"""A debt written off, a credit given back or moved: acts of the officer on one rent account."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.account_decisions import CreditReturnReason, DecidedBy, WriteOffReason
from contracts.arrears import MatchedBy
from services.arrears.account_decisions import CreditOfAnotherHousehold
from services.arrears.payment_orders import PaymentOrders
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.amounts import format_day
from services.chassis.caller import Caller, Receipt
from services.chassis.refusal import NotFound, Refusal

if TYPE_CHECKING:
    from services.arrears.service import Arrears


class DecisionDayNotPossible(Refusal):
    status = 422
    slug = "decision-day-not-possible"
    title = "Jour impossible"


class PaymentMovedOn(Refusal):
    slug = "payment-moved-on"
    title = "Paiement parti ailleurs"


def write_off(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    cents: int,
    on: date,
    reason: WriteOffReason,
    decided_by: DecidedBy,
) -> Receipt:
    """A part of what is owed is no longer asked for.

    Units: integer cents > 0.   Records: ArrearsWrittenOff and what follows from it.
    Refuses: MoreThanIsOwed (409), DecisionDayNotPossible (422), NotFound (404), StaleEdit (412).
    """

    def decide(act: Act, account: RentAccount) -> UUID:
        identity = _identity(arrears, "write-off", account)
        account.write_off(identity, cents, _past(act, on), reason, decided_by, today=act.today)
        return identity

    return on_account(arrears, caller, lease_id, decide)


def return_credit(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    cents: int,
    on: date,
    reason: CreditReturnReason,
    to_lease_id: UUID | None = None,
) -> Receipt:
    """What was paid too much leaves the account, for another lease of the household if one is told.

    Units: integer cents > 0.   Records: CreditReturned; on the other lease PaymentReceived and
    what follows.   Refuses: MoreThanTheCredit, CreditOfAnotherHousehold (409),
    DecisionDayNotPossible (422), NotFound (404), StaleEdit (412).
    """

    def decide(act: Act, account: RentAccount) -> UUID:
        identity = _identity(arrears, "credit-return", account)
        account.return_credit(identity, cents, _past(act, on), reason, to_lease_id, today=act.today)
        if to_lease_id is not None:
            other = _other(act, account, to_lease_id)
            ordering = PaymentOrders(act).of(other.id, on)
            money = (_moved(arrears, identity), cents, on, MatchedBy.OFFICER)
            other.receive_payment(*money, ordering=ordering)
            act.save(other)
        return identity

    return on_account(arrears, caller, lease_id, decide)


def withdraw_decision(
    arrears: "Arrears", caller: Caller, lease_id: UUID, decision_id: UUID
) -> Receipt:
    """A write-off or a credit given back was noted by mistake.

    Records: WriteOffWithdrawn, or CreditReturnWithdrawn and PaymentWithdrawn on the other lease.
    Refuses: DecisionNotOnAccount (404), PaymentMovedOn, PaymentWasReturned (409) when the other
    lease no longer has the money, StaleEdit (412).
    """

    def decide(act: Act, account: RentAccount) -> UUID:
        to_lease_id = account.withdraw_decision(decision_id)
        if to_lease_id is not None:
            other = act.load(RentAccount, to_lease_id)
            payment_id = _moved(arrears, decision_id)
            if payment_id not in other.payments:
                raise PaymentMovedOn(
                    "Ce montant n'est plus sur l'autre bail : retrouvez-le d'abord parmi les "
                    "paiements sans bail, et attribuez-le à ce bail."
                )
            other.refuse_if_gone(payment_id)
            other.release_payment(payment_id)
            act.save(other)
        return decision_id

    return on_account(arrears, caller, lease_id, decide)


def on_account(
    arrears: "Arrears",
    caller: Caller,
    lease_id: UUID,
    decide: Callable[[Act, RentAccount], UUID],
) -> Receipt:
    """One act on an account that nobody changed meanwhile.   Refuses: NotFound, StaleEdit."""

    def act_on(act: Act) -> UUID:
        account = act.load(RentAccount, lease_id)
        account.refuse_if_stale(caller.expected_version)
        decided = decide(act, account)
        act.save(account)
        return decided

    return arrears.perform(caller, act_on)


def _identity(arrears: "Arrears", kind: str, account: RentAccount) -> UUID:
    return natural_id(arrears.company.slug, kind, f"{account.id}/{account.version}")


def _moved(arrears: "Arrears", credit_return_id: UUID) -> UUID:
    """The payment as which a credit comes in on the other lease."""
    return natural_id(arrears.company.slug, "payment", f"credit-return/{credit_return_id}")


def _past(act: Act, on: date) -> date:
    if on > act.today:
        raise DecisionDayNotPossible(
            f"Le {format_day(on)} n'est pas encore là : indiquez aujourd'hui ou un jour passé."
        )
    return on


def _other(act: Act, account: RentAccount, lease_id: UUID) -> RentAccount:
    if lease_id == account.id:
        raise NotFound("C'est le bail même : choisissez-en un autre, ou rendez l'avance au ménage.")
    other: RentAccount = act.load(RentAccount, lease_id)
    if other.household_id != account.household_id:
        raise CreditOfAnotherHousehold(
            "L'avance d'un ménage ne paie jamais la dette d'un autre : choisissez un bail du même "
            "ménage."
        )
    return other
