"""What a lease owes besides rent: deposit instalments, court costs, repairs, fees (BR-04).

Each kind is an account of its own. None is summed with rent; a payment pays the rent account
unless a person says that it, or a part of it, was for another kind. Court costs, and the fees of
steps, are those of the household's case: they are told to this account as a sum, and kept there.
"""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.other_charges import OtherChargeKind
from services.arrears.account_money import AccountMoney
from services.arrears.allocation import Payment
from services.arrears.rent_charges import RentAccountIsClosed
from services.chassis.aggregate import Event, natural_id
from services.chassis.amounts import format_cents
from services.chassis.refusal import NotFound, Refusal


class OtherChargeAlreadyRecorded(Refusal):
    slug = "other-charge-already-recorded"
    title = "Montant déjà noté"
    field = "reference"


class OtherChargeNotRecorded(NotFound):
    slug = "other-charge-not-recorded"
    title = "Montant absent du compte"


class CourtCostsOnLegalPath(Refusal):
    slug = "court-costs-on-legal-path"
    title = "Frais de la voie judiciaire"


class MoreThanThePayment(Refusal):
    slug = "more-than-the-payment"
    title = "Plus que le paiement"
    field = "amount"


class MoreThanIsDueOfKind(Refusal):
    slug = "more-than-is-due-of-kind"
    title = "Plus que ce qui reste à payer"
    field = "amount"


class OtherChargePaymentNotOnAccount(NotFound):
    slug = "other-charge-payment-not-on-account"
    title = "Part de paiement absente du compte"


@dataclass(frozen=True, slots=True)
class OtherCharge:
    """`version`: of the event that first recorded it."""

    kind: OtherChargeKind
    amount_cents: int
    due_on: date
    reference: str
    version: int


class OtherCharges(AccountMoney):
    """See the module. `other_charges` by id: those that stand."""

    other_charges: dict[UUID, OtherCharge]

    class OtherChargeRecorded(Event):
        TOPIC = "arrears.other-charge-recorded"
        other_charge_id: UUID
        household_id: UUID
        kind: OtherChargeKind
        amount_cents: int
        due_on: date
        reference: str

        def apply(self, account: "OtherCharges") -> None:
            said = (self.kind, self.amount_cents, self.due_on, self.reference)
            account.other_charges[self.other_charge_id] = OtherCharge(
                *said, self.originator_version
            )

    def record_other_charge(
        self, company: str, kind: OtherChargeKind, amount_cents: int, due_on: date, reference: str
    ) -> UUID:
        """Something is owed besides rent; its kind and reference tell it on this lease. Its id.

        Units: integer cents > 0.   Records: OtherChargeRecorded; nothing when it stands so already.
        Refuses: CourtCostsOnLegalPath, OtherChargeAlreadyRecorded, RentAccountIsClosed (409).
        Source: BR-04.
        """
        if self.closed:
            raise RentAccountIsClosed("Le bail de ce compte a été annulé : rien n'y est dû.")
        if kind is OtherChargeKind.COURT_COSTS:
            raise CourtCostsOnLegalPath(
                "Les frais de justice se notent sur la page « Voie judiciaire » du dossier : ils "
                "sont alors aussi sur ce compte."
            )
        identity = natural_id(company, "other-charge", f"{self.id}/{kind.value}/{reference}")
        known = self.other_charges.get(identity)
        if known is not None and (known.amount_cents, known.due_on) != (amount_cents, due_on):
            raise OtherChargeAlreadyRecorded(
                f"« {reference} » est déjà noté pour un autre montant ou un autre jour : "
                "corrigez-le, ou donnez une autre référence."
            )
        if known is None:
            self._trigger(
                self.OtherChargeRecorded,
                other_charge_id=identity,
                kind=kind,
                amount_cents=amount_cents,
                due_on=due_on,
                reference=reference,
                occurred_on=due_on,
            )
        return identity

    class OtherChargeCorrected(OtherChargeRecorded):
        TOPIC = "arrears.other-charge-corrected"
        corrects_version: int

        def apply(self, account: "OtherCharges") -> None:
            known = account.other_charges[self.other_charge_id]
            account.other_charges[self.other_charge_id] = replace(
                known, amount_cents=self.amount_cents, due_on=self.due_on
            )

    def correct_other_charge(self, other_charge_id: UUID, amount_cents: int, due_on: date) -> None:
        """Records: OtherChargeCorrected.   Refuses: OtherChargeNotRecorded (404)."""
        known = self._recorded(other_charge_id)
        if (known.amount_cents, known.due_on) != (amount_cents, due_on):
            right = replace(known, amount_cents=amount_cents, due_on=due_on)
            self._restate(self.OtherChargeCorrected, other_charge_id, right)

    class OtherChargeCancelled(OtherChargeRecorded):
        TOPIC = "arrears.other-charge-cancelled"
        corrects_version: int

        def apply(self, account: "OtherCharges") -> None:
            del account.other_charges[self.other_charge_id]

    def cancel_other_charge(self, other_charge_id: UUID) -> None:
        """It was never due; what was paid for its kind stays there until a person takes it back.

        Records: OtherChargeCancelled.   Refuses: OtherChargeNotRecorded (404).
        """
        known = self._recorded(other_charge_id)
        self._restate(self.OtherChargeCancelled, other_charge_id, known)

    def _recorded(self, other_charge_id: UUID) -> OtherCharge:
        known = self.other_charges.get(other_charge_id)
        if known is None:
            raise OtherChargeNotRecorded("Ce montant n'est pas, ou plus, noté sur ce compte.")
        return known

    def _restate(self, event: type[Event], other_charge_id: UUID, charge: OtherCharge) -> None:
        self._trigger(
            event,
            corrects_version=charge.version,
            other_charge_id=other_charge_id,
            kind=charge.kind,
            amount_cents=charge.amount_cents,
            due_on=charge.due_on,
            reference=charge.reference,
            occurred_on=charge.due_on,
        )

    class OtherChargePaid(Event):
        TOPIC = "arrears.other-charge-paid"
        other_charge_payment_id: UUID
        household_id: UUID
        payment_id: UUID
        kind: OtherChargeKind
        amount_cents: int
        value_date: date

        def apply(self, account: "OtherCharges") -> None:
            account.parts[self.other_charge_payment_id] = self
            account.money[self.other_charge_payment_id] = (self.value_date, -self.amount_cents)
            account.change_payment(self.payment_id, -self.amount_cents)
            account.owe_again(self.value_date)

    def pay_other_charge(
        self, company: str, payment_id: UUID, kind: OtherChargeKind, cents: int, of_case: int
    ) -> UUID:
        """A payment, or a part of it, was for another kind. Gives the act's id.

        `cents` > 0; `of_case`: what the household's case has charged of that kind, in cents.
        Records: OtherChargePaid, corrected allocations.
        Refuses: MoreThanThePayment, MoreThanIsDueOfKind (409), due by now or later.
        Source: BR-04; from the payment's value date the money is not on the rent account.
        """
        payment = self.payments.get(payment_id)
        there = payment.cents if payment else 0
        if payment is None or not 0 < cents <= there:
            raise MoreThanThePayment(
                f"De ce paiement, {format_cents(there)} sont sur le compte du loyer : n'en mettez "
                "pas plus ailleurs.",
                payment_cents=there,
            )
        due = self.due_of(kind, of_case)
        if cents > due:
            raise MoreThanIsDueOfKind(
                f"Il reste {format_cents(max(0, due))} à payer de cette nature : n'y mettez pas "
                "plus.",
                due_cents=max(0, due),
            )
        identity = natural_id(company, "other-charge-payment", f"{self.id}/{self.version}")
        self._trigger(
            self.OtherChargePaid,
            other_charge_payment_id=identity,
            payment_id=payment_id,
            kind=kind,
            amount_cents=cents,
            value_date=payment.value_date,
            occurred_on=payment.value_date,
        )
        self._settle()
        return identity

    def due_of(self, kind: OtherChargeKind, of_case: int) -> int:
        """What is charged of a kind, due yet or not, less what was paid for it, in cents."""
        charged = sum(c.amount_cents for c in self.other_charges.values() if c.kind is kind)
        paid = sum(p.amount_cents for p in self.parts.values() if p.kind is kind)
        return charged + of_case - paid

    class OtherChargePaymentWithdrawn(OtherChargePaid):
        TOPIC = "arrears.other-charge-payment-withdrawn"
        corrects_version: int

        def apply(self, account: "OtherCharges") -> None:
            del account.parts[self.other_charge_payment_id]
            del account.money[self.other_charge_payment_id]
            account.change_payment(self.payment_id, self.amount_cents)

    def withdraw_other_charge_payment(self, identity: UUID, today: date) -> None:
        """It was the rent account's after all.

        Records: OtherChargePaymentWithdrawn, corrected allocations, ArrearsCleared.
        Refuses: OtherChargePaymentNotOnAccount (404).
        """
        if identity not in self.parts:
            raise OtherChargePaymentNotOnAccount(
                "Cette part de paiement n'est pas, ou plus, sur ce compte."
            )
        self._give_back(identity)
        self._settle()
        self._clear_if_paid(today)

    def _give_back(self, identity: UUID) -> None:
        self._take_back(self.OtherChargePaymentWithdrawn, self.parts[identity])

    def reverse_payment(
        self,
        reversal_id: UUID,
        amount_cents: int,
        value_date: date,
        payment_id: UUID | None = None,
    ) -> None:
        """As for the rent account alone; of the payment taken back, nothing is for another kind.

        Records: OtherChargePaymentWithdrawn besides.
        """
        taken = self.taken_back(payment_id, amount_cents, value_date)
        if taken is not None and reversal_id not in self.reversals:
            self._give_back_of(taken.payment_id)
        super().reverse_payment(reversal_id, amount_cents, value_date, payment_id)

    def release_payment(self, payment_id: UUID) -> Payment:
        """As for the rent account alone.   Records: OtherChargePaymentWithdrawn besides."""
        self._give_back_of(payment_id)
        return super().release_payment(payment_id)

    def _give_back_of(self, payment_id: UUID) -> None:
        for identity in [i for i, part in self.parts.items() if part.payment_id == payment_id]:
            self._give_back(identity)
