"""The rent account of one lease: what was charged, what was paid, what was missed.

Arrears are BR-02: `max(0, charges due by the day - payments valued by the day)`, in integer cents;
a credit on one account never pays another.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.arrears import MatchedBy
from services.arrears.allocation import Charge, Lines, Payment, allocate
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import Refusal


class MonthAlreadyCharged(Refusal):
    slug = "month-already-charged"
    title = "Mois déjà facturé"


class MonthNotCharged(Refusal):
    status = 404
    slug = "month-not-charged"
    title = "Mois non facturé"


class RentAccountIsClosed(Refusal):
    slug = "rent-account-is-closed"
    title = "Compte clôturé"


@dataclass
class Missed:
    """A month stated as missed. `version`: of the event that first stated it."""

    charge_id: UUID
    due_on: date
    judged_on: date
    unpaid_cents: int
    version: int


class RentAccount(Aggregate):
    """See the module. Its id is the lease's; its household is the lease's household."""

    TOPIC = "arrears.rent-account"
    household_id: UUID
    terms: "RentAccount.LeaseKnown | None"
    ended_on: date | None
    closed: bool
    charges: dict[UUID, Charge]
    payments: dict[UUID, Payment]
    received: dict[UUID, int]
    reversals: set[UUID]
    money: dict[UUID, tuple[date, int]]
    allocated: dict[UUID, tuple[int, Lines]]
    missed: dict[str, Missed]
    in_arrears: bool

    class Opened(Opening):
        TOPIC = "arrears.rent-account-opened"
        household_id: UUID
        opened_on: date

        def apply(self, account: "RentAccount") -> None:
            account.household_id = self.household_id
            account.terms, account.ended_on = None, None
            account.closed = account.in_arrears = False
            account.charges, account.payments, account.received = {}, {}, {}
            account.reversals, account.allocated, account.missed = set(), {}, {}
            account.money = {}

    @classmethod
    def open_account(cls, lease_id: UUID, household_id: UUID, on: date) -> "RentAccount":
        opened: RentAccount = cls.open(
            cls.Opened, lease_id, household_id=household_id, opened_on=on, occurred_on=on
        )
        return opened

    class LeaseKnown(Event):
        """Private: what intake's fact says of the lease."""

        TOPIC = "arrears.lease-known"
        reference: str
        dwelling_reference: str
        start_on: date
        rent_cents: int
        charges_cents: int
        payment_reference: str
        because: str

        def apply(self, account: "RentAccount") -> None:
            account.terms = self

    class LeaseEndKnown(Event):
        """Private: the lease's last day, or None when its end was withdrawn."""

        TOPIC = "arrears.lease-end-known"
        ended_on: date | None

        def apply(self, account: "RentAccount") -> None:
            account.ended_on = self.ended_on

    class Closed(Event):
        TOPIC = "arrears.rent-account-closed"
        household_id: UUID
        closed_on: date

        def apply(self, account: "RentAccount") -> None:
            account.closed = True

    def close(self, on: date) -> None:
        """The lease never was.   Records: ChargeCancelled for each month, Closed."""
        if not self.closed:
            for month in sorted(charge.month for charge in self.charges.values()):
                self.cancel_charge(month)
            self._trigger(self.Closed, closed_on=on, occurred_on=on)

    # Charges

    class RentCharged(Event):
        TOPIC = "arrears.rent-charged"
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int

        def apply(self, account: "RentAccount") -> None:
            account.charges[self.charge_id] = Charge(
                self.charge_id,
                self.month,
                self.due_on,
                self.rent_cents,
                self.charges_cents,
                self.originator_version,
            )

    def charge_rent(
        self, company: str, month: str, due_on: date, rent_cents: int, charges_cents: int
    ) -> None:
        """Charge one month's rent and service charges.

        Units: integer cents ≥ 0; month YYYY-MM, due the 10th unless the roll says otherwise.
        Records: RentCharged; nothing when the month is charged for the same amounts.
        Refuses: MonthAlreadyCharged, RentAccountIsClosed (409).   Source: due day BR-01 [S16].
        """
        if self.closed:
            raise RentAccountIsClosed("Le bail de ce compte a été annulé : rien n'y est dû.")
        known = self.charge_of(month)
        if known is None:
            self._trigger(
                self.RentCharged,
                charge_id=natural_id(company, "charge", f"{self.id}/{month}"),
                month=month,
                due_on=due_on,
                rent_cents=rent_cents,
                charges_cents=charges_cents,
                occurred_on=due_on,
            )
            self._settle()
        elif (known.rent_cents, known.charges_cents) != (rent_cents, charges_cents):
            raise MonthAlreadyCharged(
                f"{month} est déjà facturé pour un autre montant. Corrigez cette facturation, "
                "ou corrigez la ligne.",
                month=month,
            )

    def charge_of(self, month: str) -> Charge | None:
        return next((c for c in self.charges.values() if c.month == month), None)

    class ChargeCorrected(Event):
        TOPIC = "arrears.rent-charge-corrected"
        corrects_version: int
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int

        def apply(self, account: "RentAccount") -> None:
            account.charges[self.charge_id] = replace(
                account.charges[self.charge_id],
                due_on=self.due_on,
                rent_cents=self.rent_cents,
                charges_cents=self.charges_cents,
            )

    def correct_charge(self, month: str, rent_cents: int, charges_cents: int) -> None:
        """Charge a month anew.   Records: ChargeCorrected.   Refuses: MonthNotCharged (404)."""
        charge = self._charged(month)
        if (charge.rent_cents, charge.charges_cents) != (rent_cents, charges_cents):
            self._trigger(
                self.ChargeCorrected,
                corrects_version=charge.version,
                charge_id=charge.charge_id,
                month=month,
                due_on=charge.due_on,
                rent_cents=rent_cents,
                charges_cents=charges_cents,
                occurred_on=charge.due_on,
            )
            self._settle()

    class ChargeCancelled(Event):
        TOPIC = "arrears.rent-charge-cancelled"
        corrects_version: int
        charge_id: UUID
        household_id: UUID
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int

        def apply(self, account: "RentAccount") -> None:
            del account.charges[self.charge_id]

    def cancel_charge(self, month: str) -> None:
        """The month was never due.   Records: ChargeCancelled.   Refuses: MonthNotCharged (404)."""
        charge = self._charged(month)
        self._trigger(
            self.ChargeCancelled,
            corrects_version=charge.version,
            charge_id=charge.charge_id,
            month=month,
            due_on=charge.due_on,
            rent_cents=charge.rent_cents,
            charges_cents=charge.charges_cents,
            occurred_on=charge.due_on,
        )
        self._settle()

    def _charged(self, month: str) -> Charge:
        charge = self.charge_of(month)
        if charge is None:
            raise MonthNotCharged(f"{month} n'est pas facturé sur ce compte.", month=month)
        return charge

    # Money

    class PaymentReceived(Event):
        TOPIC = "arrears.payment-received"
        payment_id: UUID
        household_id: UUID
        amount_cents: int
        value_date: date
        matched_by: MatchedBy

        def apply(self, account: "RentAccount") -> None:
            account.received[self.payment_id] = self.originator_version
            account.money[self.payment_id] = (self.value_date, self.amount_cents)
            account.payments[self.payment_id] = Payment(
                self.payment_id, self.amount_cents, self.value_date, self.originator_version
            )

    def receive_payment(
        self, payment_id: UUID, amount_cents: int, value_date: date, matched_by: MatchedBy
    ) -> None:
        """Money came in.   Records: PaymentReceived, and what follows from it.

        Repeating it records nothing: the payment's id is its place in the bank statement.
        """
        if payment_id not in self.received:
            self._trigger(
                self.PaymentReceived,
                payment_id=payment_id,
                amount_cents=amount_cents,
                value_date=value_date,
                matched_by=matched_by,
                occurred_on=value_date,
            )
            self._settle()
            self._clear_if_paid(value_date)

    class PaymentReversed(Event):
        TOPIC = "arrears.payment-reversed"
        reversal_id: UUID
        payment_id: UUID | None
        household_id: UUID
        amount_cents: int
        value_date: date

        def apply(self, account: "RentAccount") -> None:
            account.reversals.add(self.reversal_id)
            account.money[self.reversal_id] = (self.value_date, -self.amount_cents)
            account.take_back(self)

    def take_back(self, reversal: "RentAccount.PaymentReversed") -> None:
        """Lower the payment that was reversed; without one, the newest money first."""
        left = reversal.amount_cents
        named = self.payments.get(reversal.payment_id) if reversal.payment_id else None
        newest = sorted(self.payments.values(), key=lambda p: (p.value_date, p.order), reverse=True)
        for payment in ([named] if named else []) + newest:
            part = min(left, self.payments[payment.payment_id].cents)
            known = self.payments[payment.payment_id]
            self.payments[payment.payment_id] = replace(known, cents=known.cents - part)
            left -= part

    def reverse_payment(self, reversal_id: UUID, amount_cents: int, value_date: date) -> None:
        """The bank took money back; the payment is the newest one of that amount.

        Records: PaymentReversed, corrected allocations.
        """
        if reversal_id in self.reversals:
            return
        same = [p for p in self.payments.values() if p.cents == amount_cents]
        newest = max(same, key=lambda p: (p.value_date, p.order), default=None)
        self._trigger(
            self.PaymentReversed,
            reversal_id=reversal_id,
            payment_id=newest.payment_id if newest else None,
            amount_cents=amount_cents,
            value_date=value_date,
            occurred_on=value_date,
        )
        self._settle()
        # Owing again after it was cleared: the next time it is cleared is stated again.

    class PaymentWithdrawn(Event):
        TOPIC = "arrears.payment-withdrawn"
        corrects_version: int
        payment_id: UUID
        household_id: UUID
        amount_cents: int
        value_date: date
        matched_by: MatchedBy

        def apply(self, account: "RentAccount") -> None:
            del account.payments[self.payment_id]
            del account.received[self.payment_id]
            del account.money[self.payment_id]

    def release_payment(self, payment_id: UUID) -> Payment:
        """The money was not for this lease.   Records: PaymentWithdrawn, corrected allocations."""
        payment = self.payments[payment_id]
        self._trigger(
            self.PaymentWithdrawn,
            corrects_version=self.received[payment_id],
            payment_id=payment_id,
            amount_cents=payment.cents,
            value_date=payment.value_date,
            matched_by=MatchedBy.OFFICER,
            occurred_on=payment.value_date,
        )
        self._settle()
        return payment

    class PaymentAllocated(Event):
        TOPIC = "arrears.payment-allocated"
        payment_id: UUID
        lines: list[dict[str, Any]]

        def apply(self, account: "RentAccount") -> None:
            account.allocated[self.payment_id] = (self.originator_version, _lines(self.lines))

    class AllocationCorrected(Event):
        TOPIC = "arrears.payment-allocation-corrected"
        corrects_version: int
        payment_id: UUID
        lines: list[dict[str, Any]]

        def apply(self, account: "RentAccount") -> None:
            account.allocated[self.payment_id] = (self.corrects_version, _lines(self.lines))

    def _settle(self) -> None:
        """State the allocations that have changed, and look again at what was stated as missed."""
        now = allocate(self.charges.values(), self.payments.values())
        for payment_id in [*now, *(p for p in self.allocated if p not in now)]:
            lines = now.get(payment_id, ())
            before = self.allocated.get(payment_id)
            if before is None and lines:
                self._allocate(self.PaymentAllocated, payment_id, lines)
            elif before is not None and before[1] != lines:
                self._allocate(
                    self.AllocationCorrected, payment_id, lines, corrects_version=before[0]
                )
        if self.missed:
            self._review_missed()

    def _allocate(self, event: type[Event], payment_id: UUID, lines: Lines, **more: Any) -> None:
        payment = self.payments.get(payment_id)
        self.trigger_event(
            event,
            payment_id=payment_id,
            lines=[{"charge_id": str(charge_id), "cents": cents} for charge_id, cents in lines],
            occurred_on=payment.value_date if payment else self.terms_start(),
            **more,
        )

    def terms_start(self) -> date:
        assert self.terms is not None
        return self.terms.start_on

    # What is late

    def arrears_on(self, due_by: date, paid_by: date | None = None) -> int:
        """Arrears in cents (BR-02) of charges due by a day, with money valued by a day."""
        paid_by = paid_by or due_by
        charged = sum(c.cents for c in self.charges.values() if c.due_on <= due_by)
        paid = sum(cents for day, cents in self.money.values() if day <= paid_by)
        return max(0, charged - paid)

    class PaymentMissed(Event):
        TOPIC = "arrears.payment-missed"
        household_id: UUID
        charge_id: UUID
        month: str
        due_on: date
        unpaid_cents: int
        judged_on: date

        def apply(self, account: "RentAccount") -> None:
            account.in_arrears = True
            account.missed[self.month] = Missed(
                self.charge_id,
                self.due_on,
                self.judged_on,
                self.unpaid_cents,
                self.originator_version,
            )

    def judge(self, due_on: date, judged_on: date) -> int:
        """State each month due on `due_on` that was not fully paid by `judged_on`, once; how many.

        Records: PaymentMissed.   Source: BR-01, BR-02; the newest charge is paid last.
        """
        stated = 0
        for charge in list(self.charges.values()):
            if charge.due_on != due_on or charge.month in self.missed:
                continue
            unpaid = self._unpaid(charge, judged_on)
            if unpaid > 0:
                stated += 1
                self._trigger(
                    self.PaymentMissed,
                    charge_id=charge.charge_id,
                    month=charge.month,
                    due_on=due_on,
                    unpaid_cents=unpaid,
                    judged_on=judged_on,
                    occurred_on=judged_on,
                )
        return stated

    def _unpaid(self, charge: Charge, judged_on: date) -> int:
        return min(charge.cents, self.arrears_on(charge.due_on, judged_on))

    class MissCorrected(Event):
        TOPIC = "arrears.payment-missed-corrected"
        corrects_version: int
        household_id: UUID
        charge_id: UUID
        month: str
        due_on: date
        unpaid_cents: int
        judged_on: date

        def apply(self, account: "RentAccount") -> None:
            account.missed[self.month].unpaid_cents = self.unpaid_cents

    class MissWithdrawn(Event):
        TOPIC = "arrears.payment-missed-withdrawn"
        corrects_version: int
        household_id: UUID
        charge_id: UUID
        month: str
        due_on: date
        unpaid_cents: int
        judged_on: date

        def apply(self, account: "RentAccount") -> None:
            del account.missed[self.month]
            account.in_arrears = account.in_arrears and bool(account.missed)

    def _review_missed(self) -> None:
        """What has since been cancelled, corrected or found to have come in time."""
        for month, missed in list(self.missed.items()):
            charge = self.charges.get(missed.charge_id)
            unpaid = self._unpaid(charge, missed.judged_on) if charge else 0
            if unpaid != missed.unpaid_cents:
                self._trigger(
                    self.MissCorrected if unpaid else self.MissWithdrawn,
                    corrects_version=missed.version,
                    charge_id=missed.charge_id,
                    month=month,
                    due_on=missed.due_on,
                    unpaid_cents=unpaid or missed.unpaid_cents,
                    judged_on=missed.judged_on,
                    occurred_on=missed.judged_on,
                )

    class ArrearsCleared(Event):
        TOPIC = "arrears.arrears-cleared"
        household_id: UUID
        cleared_on: date

        def apply(self, account: "RentAccount") -> None:
            account.in_arrears = False

    def _clear_if_paid(self, on: date) -> None:
        if self.in_arrears and self.arrears_on(on) == 0:
            self._trigger(self.ArrearsCleared, cleared_on=on, occurred_on=on)

    def _trigger(self, event: type[Event], **values: Any) -> None:
        self.trigger_event(event, household_id=self.household_id, **values)


def _lines(lines: list[dict[str, Any]]) -> Lines:
    return tuple((UUID(line["charge_id"]), line["cents"]) for line in lines)
