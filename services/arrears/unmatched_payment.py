"""Money that names no lease we know: it waits under its reference, or for a person."""

from datetime import date
from uuid import UUID

from contracts.arrears import MatchedBy, UnmatchedReason
from services.chassis.aggregate import Aggregate, Event, Opening
from services.chassis.refusal import Refusal


class PaymentAlreadyAssigned(Refusal):
    slug = "payment-already-assigned"
    title = "Paiement déjà attribué"


class UnmatchedPayment(Aggregate):
    """See the module. Its id is the payment's. What the bank says of the payer is sealed."""

    TOPIC = "arrears.unmatched-payment"
    amount_cents: int
    value_date: date
    lease_id: UUID | None
    matched_version: int | None
    matched_by: MatchedBy
    payer_account: str | None

    class Unmatched(Opening):
        TOPIC = "arrears.payment-unmatched"
        amount_cents: int
        value_date: date
        reason: UnmatchedReason
        payment_reference: str | None

        def apply(self, payment: "UnmatchedPayment") -> None:
            payment.amount_cents, payment.value_date = self.amount_cents, self.value_date
            payment.lease_id = payment.matched_version = None
            payment.matched_by, payment.payer_account = MatchedBy.OFFICER, None

    @classmethod
    def keep(
        cls,
        payment_id: UUID,
        amount_cents: int,
        value_date: date,
        reason: UnmatchedReason,
        payment_reference: str | None,
    ) -> "UnmatchedPayment":
        """Records: Unmatched."""
        kept: UnmatchedPayment = cls.open(
            cls.Unmatched,
            payment_id,
            amount_cents=amount_cents,
            value_date=value_date,
            reason=reason,
            payment_reference=payment_reference,
            occurred_on=value_date,
        )
        return kept

    class PayerKnown(Event):
        """Private: what the bank says of the payer, sealed under the payment's own key."""

        TOPIC = "arrears.payer-known"
        payer: str | None
        communication: str | None
        payer_account: str | None = None

        def apply(self, payment: "UnmatchedPayment") -> None:
            payment.payer_account = self.payer_account

    class Matched(Event):
        TOPIC = "arrears.payment-matched"
        lease_id: UUID
        matched_by: MatchedBy

        def apply(self, payment: "UnmatchedPayment") -> None:
            payment.lease_id, payment.matched_version = self.lease_id, self.originator_version
            payment.matched_by = self.matched_by

    def assign(self, lease_id: UUID, matched_by: MatchedBy, on: date) -> None:
        """Records: Matched.   Refuses: PaymentAlreadyAssigned (409) to another lease."""
        if self.lease_id == lease_id:
            return
        if self.lease_id is not None:
            raise PaymentAlreadyAssigned("Ce paiement est déjà attribué à un autre bail.")
        self.trigger_event(self.Matched, lease_id=lease_id, matched_by=matched_by, occurred_on=on)

    class MatchWithdrawn(Event):
        TOPIC = "arrears.payment-match-withdrawn"
        corrects_version: int
        lease_id: UUID
        matched_by: MatchedBy

        def apply(self, payment: "UnmatchedPayment") -> None:
            payment.lease_id = payment.matched_version = None

    def unassign(self, on: date) -> None:
        """It waits again.   Records: MatchWithdrawn."""
        if self.matched_version is not None:
            self.trigger_event(
                self.MatchWithdrawn,
                corrects_version=self.matched_version,
                lease_id=self.lease_id,
                matched_by=self.matched_by,
                occurred_on=on,
            )
