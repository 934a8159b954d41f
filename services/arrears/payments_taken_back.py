"""Payments that a person says money out of the bank account took back, and was wrong about."""

from datetime import date
from uuid import UUID

from services.arrears.account_money import AccountMoney
from services.arrears.other_charges import OtherCharges
from services.chassis.amounts import format_cents, format_day
from services.chassis.refusal import Refusal


class ReturnExceedsPayment(Refusal):
    slug = "return-exceeds-payment"
    title = "Plus que le paiement"


class ReturnBeforePayment(Refusal):
    slug = "return-before-payment"
    title = "Avant le paiement"


class OutgoingNotLinked(Refusal):
    slug = "outgoing-not-linked"
    title = "Sortie pas rattachée"


NOT_LINKED = "Cette sortie n'est pas, ou plus, rattachée à un paiement."


class PaymentsTakenBack(OtherCharges):
    """See the module."""

    def take_back_payment(
        self, reversal_id: UUID, payment_id: UUID, cents: int, value_date: date
    ) -> None:
        """Money that left the bank account took a payment back, or a part of it.

        Units: integer cents > 0.   Records: PaymentReversed, OtherChargePaymentWithdrawn of what
        of it was for another kind, corrected allocations.
        Refuses: ReturnExceedsPayment, ReturnBeforePayment (409).
        """
        payment = self.payments[payment_id]
        there = self.whole(payment)
        if cents > there:
            raise ReturnExceedsPayment(
                f"De ce paiement, {format_cents(there)} sont encore là : une sortie de "
                f"{format_cents(cents)} ne le reprend pas.",
                payment_cents=there,
            )
        if value_date < payment.value_date:
            raise ReturnBeforePayment(
                f"Ce paiement est du {format_day(payment.value_date)}, après la sortie du "
                f"{format_day(value_date)} : choisissez un paiement d'avant."
            )
        self.reverse_payment(reversal_id, cents, value_date, payment_id)

    class PaymentReversalWithdrawn(AccountMoney.PaymentReversed):
        TOPIC = "arrears.payment-reversal-withdrawn"
        corrects_version: int

        def apply(self, account: "AccountMoney") -> None:
            del account.reversals[self.reversal_id]
            del account.money[self.reversal_id]
            named = account.payments.get(self.payment_id) if self.payment_id else None
            account.restore(self.amount_cents, [named] if named else [])

    def withdraw_reversal(self, reversal_id: UUID, today: date) -> None:
        """The money that left was not that payment.

        Records: PaymentReversalWithdrawn, corrected allocations, ArrearsCleared.
        Refuses: OutgoingNotLinked (409).
        """
        if reversal_id not in self.reversals:
            raise OutgoingNotLinked(NOT_LINKED)
        self._take_back(self.PaymentReversalWithdrawn, self.reversals[reversal_id])
        self._settle()
        self._clear_if_paid(today)
