"""The money of a rent account: payments that came in, and what the bank took back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.arrears import MatchedBy, PaidBy
from services.arrears.account_ledger import AccountLedger
from services.arrears.allocation import OLDEST_FIRST, Ordering, Payment, PlanDue
from services.arrears.ladder.allocation_order import PaysFirst
from services.chassis.aggregate import Event
from services.chassis.amounts import format_cents
from services.chassis.refusal import Refusal

if TYPE_CHECKING:
    from services.arrears.other_charges import OtherCharges


class PaymentWasReturned(Refusal):
    slug = "payment-was-returned"
    title = "Paiement déjà rendu"


class AccountMoney(AccountLedger):
    """See the module. `parts`: what of a payment was for another kind of charge, by its act;
    `payer_accounts`: sealed, by the payment by which each was first known.
    """

    parts: "dict[UUID, OtherCharges.OtherChargePaid]"
    payer_accounts: dict[UUID, str]

    class AllocationOrderKnown(Event):
        """Private: the order that policy has for a payment, recorded where it is not the oldest
        first, so that accounts without such a policy keep the events that they have.
        """

        TOPIC = "arrears.allocation-order-known"
        payment_id: UUID
        first: tuple[PaysFirst, ...]
        plan_id: UUID | None
        plan_agreed_on: date | None
        plan_due_cents: int | None

        def apply(self, account: "AccountMoney") -> None:
            ordering = Ordering(self.first, self._plan())
            account.orderings[self.payment_id] = ordering
            payment = account.payments.get(self.payment_id)
            if payment is not None:
                account.payments[self.payment_id] = replace(payment, ordering=ordering)

        def _plan(self) -> PlanDue | None:
            if self.plan_id is None or self.plan_agreed_on is None:
                return None
            return PlanDue(self.plan_id, self.plan_agreed_on, self.plan_due_cents or 0)

    class PaymentReceived(Event):
        TOPIC = "arrears.payment-received"
        payment_id: UUID
        household_id: UUID
        amount_cents: int
        value_date: date
        matched_by: MatchedBy
        paid_by: PaidBy | None = None

        def apply(self, account: "AccountMoney") -> None:
            account.received[self.payment_id] = self.originator_version
            account.money[self.payment_id] = (self.value_date, self.amount_cents)
            account.payments[self.payment_id] = Payment(
                self.payment_id,
                self.amount_cents,
                self.value_date,
                self.originator_version,
                self.matched_by,
                account.orderings.get(self.payment_id, OLDEST_FIRST),
            )

    def receive_payment(
        self,
        payment_id: UUID,
        amount_cents: int,
        value_date: date,
        matched_by: MatchedBy,
        paid_by: PaidBy | None = None,
        ordering: Ordering = OLDEST_FIRST,
    ) -> None:
        """Money came in.   Records: PaymentReceived, and what follows from it.

        Repeating it records nothing: the payment's id is its place in the bank statement.
        `ordering`: what policy says of it, from the act.
        """
        if payment_id not in self.received:
            if ordering != OLDEST_FIRST:
                self._order(payment_id, ordering, value_date)
            self._trigger(
                self.PaymentReceived,
                payment_id=payment_id,
                amount_cents=amount_cents,
                value_date=value_date,
                matched_by=matched_by,
                paid_by=paid_by,
                occurred_on=value_date,
            )
            self._settle_payment(self.payments[payment_id])
            self._clear_if_paid(value_date)

    class PayerAccountKnown(Event):
        """Private: the bank account that a payment came from, sealed under the tenant's key."""

        TOPIC = "arrears.payer-account-known"
        payment_id: UUID
        sealed: str

        def apply(self, account: "AccountMoney") -> None:
            account.payer_accounts[self.payment_id] = self.sealed

    def know_payer_account(self, payment_id: UUID, sealed: str, on: date) -> None:
        """Records: PayerAccountKnown; forgotten when the payment is taken off the account."""
        self.trigger_event(
            self.PayerAccountKnown, payment_id=payment_id, sealed=sealed, occurred_on=on
        )

    def order_payments(self, orderings: Mapping[UUID, Ordering]) -> None:
        """A policy whose scope reaches back orders payments that were allocated before it.

        Records: AllocationOrderKnown, corrected allocations; nothing for a payment that is
        ordered so already.
        """
        for payment_id, ordering in orderings.items():
            payment = self.payments[payment_id]
            if payment.ordering.first != ordering.first:
                self._order(payment_id, ordering, payment.value_date)
        self._settle()

    def _order(self, payment_id: UUID, ordering: Ordering, on: date) -> None:
        plan = ordering.plan
        self.trigger_event(
            self.AllocationOrderKnown,
            payment_id=payment_id,
            first=ordering.first,
            plan_id=plan.plan_id if plan else None,
            plan_agreed_on=plan.agreed_on if plan else None,
            plan_due_cents=plan.due_cents if plan else None,
            occurred_on=on,
        )

    class PaymentReversed(Event):
        TOPIC = "arrears.payment-reversed"
        reversal_id: UUID
        payment_id: UUID | None
        household_id: UUID
        amount_cents: int
        value_date: date

        def apply(self, account: "AccountMoney") -> None:
            account.reversals[self.reversal_id] = self
            account.money[self.reversal_id] = (self.value_date, -self.amount_cents)
            account.take_back(self)
            account.owe_again(self.value_date)

    def take_back(self, reversal: "AccountMoney.PaymentReversed") -> None:
        """Lower the payment that was reversed; without one, the newest money first."""
        named = self.payments.get(reversal.payment_id) if reversal.payment_id else None
        self.lower(reversal.amount_cents, [named] if named else [])

    def lower(self, cents: int, first: Sequence[Payment] = ()) -> None:
        """Take an amount off these payments, then off the newest."""
        for payment in [*first, *self._newest()]:
            known = self.payments[payment.payment_id]
            part = min(cents, known.cents)
            self.payments[payment.payment_id] = replace(known, cents=known.cents - part)
            cents -= part

    def restore(self, cents: int, first: Sequence[Payment] = ()) -> None:
        """Give an amount back to these payments, then to the newest, that were lowered."""
        for payment in [*first, *self._newest()]:
            known = self.payments[payment.payment_id]
            lowered = self.money[payment.payment_id][1] - self.whole(known)
            part = min(cents, lowered)
            self.payments[payment.payment_id] = replace(known, cents=known.cents + part)
            cents -= part

    def change_payment(self, payment_id: UUID, cents: int) -> None:
        """So much more of a payment is there for rent; below 0 so much less."""
        known = self.payments[payment_id]
        self.payments[payment_id] = replace(known, cents=known.cents + cents)

    def _newest(self) -> list[Payment]:
        return sorted(self.payments.values(), key=lambda p: (p.value_date, p.order), reverse=True)

    def whole(self, payment: Payment) -> int:
        """With what of it was for another kind of charge, in cents."""
        apart = (p.amount_cents for p in self.parts.values() if p.payment_id == payment.payment_id)
        return payment.cents + sum(apart)

    def taken_back(self, payment_id: UUID | None, cents: int, until: date) -> Payment | None:
        """What a bank takes back on a day: the payment named, else the newest of that amount."""
        if payment_id is not None:
            return self.payments[payment_id]
        before = (p for p in self._newest() if p.value_date <= until)
        return next((p for p in before if self.whole(p) == cents), None)

    def reverse_payment(
        self,
        reversal_id: UUID,
        amount_cents: int,
        value_date: date,
        payment_id: UUID | None = None,
    ) -> None:
        """The bank took money back; of which payment: see `taken_back`.

        Records: PaymentReversed, corrected allocations.
        """
        if reversal_id in self.reversals:
            return
        newest = self.taken_back(payment_id, amount_cents, value_date)
        self._trigger(
            self.PaymentReversed,
            reversal_id=reversal_id,
            payment_id=newest.payment_id if newest else None,
            amount_cents=amount_cents,
            value_date=value_date,
            occurred_on=value_date,
        )
        self._settle()

    class PaymentWithdrawn(Event):
        TOPIC = "arrears.payment-withdrawn"
        corrects_version: int
        payment_id: UUID
        household_id: UUID
        amount_cents: int
        value_date: date
        matched_by: MatchedBy

        def apply(self, account: "AccountMoney") -> None:
            del account.payments[self.payment_id]
            del account.received[self.payment_id]
            del account.money[self.payment_id]
            account.orderings.pop(self.payment_id, None)
            account.payer_accounts.pop(self.payment_id, None)
            account.owe_again(self.value_date)

    def refuse_if_gone(self, payment_id: UUID) -> None:
        """What left the account stays owed on it: its payment cannot go without it.

        Refuses: PaymentWasReturned (409).
        """
        gone = self.money[payment_id][1] - self.whole(self.payments[payment_id])
        if gone:
            raise PaymentWasReturned(
                f"De ce paiement, {format_cents(gone)} ont quitté le compte\u00a0: retirez d'abord "
                "l'avance rendue, ou défaites le lien de la sortie. Ce que la banque a repris "
                "d'elle-même ne peut pas aller à un autre bail.",
                gone_cents=gone,
            )

    def release_payment(self, payment_id: UUID) -> Payment:
        """The money was not for this lease.   Records: PaymentWithdrawn, corrected allocations."""
        payment = self.payments[payment_id]
        self._trigger(
            self.PaymentWithdrawn,
            corrects_version=self.received[payment_id],
            payment_id=payment_id,
            amount_cents=self.money[payment_id][1],
            value_date=payment.value_date,
            matched_by=payment.matched_by,
            occurred_on=payment.value_date,
        )
        self._settle()
        return payment
