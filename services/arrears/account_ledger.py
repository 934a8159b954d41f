"""The ledger of a rent account: its charges, its money, and which money pays which charge.

Arrears are BR-02: `max(0, charges due by the day - payments valued by the day)`, in integer cents;
a credit on one account never pays another.
"""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.words import RentPeriod
from services.arrears.allocation import Charge, Lines, Ordering, Payment, allocate, allocate_last
from services.chassis.aggregate import Aggregate, Event

if TYPE_CHECKING:
    from services.arrears.account_decisions import AccountDecisions
    from services.arrears.account_money import AccountMoney


OF_THE_LOG = {"originator_id", "originator_version", "timestamp"}
"""What an event says of its place, which its withdrawal has for itself."""


@dataclass
class Missed:
    """A month or period stated as missed. `version`: of the event that first stated it."""

    charge_id: UUID
    month: str
    period_start: date | None
    due_on: date
    judged_on: date
    unpaid_cents: int
    version: int


class AccountLedger(Aggregate):
    """What charges, money and missed months have in common; `RentAccount` is the whole.

    `received`: the event version of each payment; `money`: (value date, signed cents) of every
    movement; `allocated`: version and lines last stated of each payment, `allocated_cents`: what
    all of these lines come to; `missed` by the key of its charge, month or first day;
    `orderings`: of each payment whose order is another than the oldest first;
    `written_off`: the event of each debt that is no longer asked for, which is no money.
    """

    household_id: UUID
    closed: bool
    charges: dict[UUID, Charge]
    payments: dict[UUID, Payment]
    received: dict[UUID, int]
    reversals: "dict[UUID, AccountMoney.PaymentReversed]"
    money: dict[UUID, tuple[date, int]]
    allocated: dict[UUID, tuple[int, Lines]]
    allocated_cents: int
    missed: dict[str, Missed]
    orderings: dict[UUID, Ordering]
    written_off: "dict[UUID, AccountDecisions.ArrearsWrittenOff]"
    in_arrears: bool

    def arrears_on(self, due_by: date, paid_by: date | None = None) -> int:
        """Arrears in cents (BR-02) of charges due by a day, with money valued by a day."""
        return max(0, self._owed(due_by, paid_by or due_by))

    def credit_on(self, day: date) -> int:
        """What was paid too much by a day, in cents."""
        return max(0, -self._owed(day, day))

    def _owed(self, due_by: date, paid_by: date) -> int:
        charged = sum(c.cents for c in self.charges.values() if c.due_on <= due_by)
        paid = sum(cents for day, cents in self.money.values() if day <= paid_by)
        gone = [w for w in self.written_off.values() if w.written_off_on <= paid_by]
        return charged - paid - sum(w.amount_cents for w in gone)

    class PaymentAllocated(Event):
        TOPIC = "arrears.payment-allocated"
        payment_id: UUID
        lines: list[dict[str, Any]]

        def apply(self, account: "AccountLedger") -> None:
            account.state_lines(self.payment_id, self.originator_version, _lines(self.lines))

    class AllocationCorrected(Event):
        TOPIC = "arrears.payment-allocation-corrected"
        corrects_version: int
        payment_id: UUID
        lines: list[dict[str, Any]]

        def apply(self, account: "AccountLedger") -> None:
            account.state_lines(self.payment_id, self.corrects_version, _lines(self.lines))

    def state_lines(self, payment_id: UUID, version: int, lines: Lines) -> None:
        """What a payment pays, in place of what was stated of it before."""
        _, before = self.allocated.get(payment_id, (0, ()))
        self.allocated_cents += _total(lines) - _total(before)
        self.allocated[payment_id] = (version, lines)

    def _settle(self, since: date = date.min) -> None:
        """State the allocations that have changed, and look again at what was stated as missed.

        `since`: the day from which money has changed; what was judged before it stays.
        """
        now = allocate(self.charges.values(), [*self.payments.values(), *self._as_if_paid()])
        for written_off in self.written_off:
            del now[written_off]
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
            self._review_missed(since)

    def _settle_payment(self, payment: Payment) -> None:
        """As `_settle`, when one payment came in: most come after all others."""
        last = all(
            (other.value_date, other.order) <= (payment.value_date, payment.order)
            for other in self.payments.values()
        )
        if not last or self.orderings or self.written_off:
            self._settle(payment.value_date)
            return
        lines = allocate_last(self.charges.values(), self.allocated_cents, payment)
        if lines:
            self._allocate(self.PaymentAllocated, payment.payment_id, lines)
        if self.missed:
            self._review_missed(payment.value_date)

    def _as_if_paid(self) -> Iterator[Payment]:
        """What was written off asks for no payment: it pays the oldest charges of its day."""
        for identity, gone in self.written_off.items():
            order = gone.originator_version
            yield Payment(identity, gone.amount_cents, gone.written_off_on, order)

    def _allocate(self, event: type[Event], payment_id: UUID, lines: Lines, **more: Any) -> None:
        payment = self.payments.get(payment_id)
        self.trigger_event(
            event,
            payment_id=payment_id,
            lines=[{"charge_id": str(charge_id), "cents": cents} for charge_id, cents in lines],
            occurred_on=payment.value_date if payment else self.started_on(),
            **more,
        )

    @abstractmethod
    def started_on(self) -> date:
        """The first day of the lease."""

    @abstractmethod
    def rent_period(self) -> RentPeriod | None:
        """How often its rent is asked for; None by the month."""

    @abstractmethod
    def _review_missed(self, since: date) -> None:
        """Look again at what was judged missed from a day on, when money or charges changed."""

    @abstractmethod
    def _clear_if_paid(self, on: date) -> None:
        """State that nothing is owed any more, where that is news."""

    def owe_again(self, on: date) -> None:
        """Money went back: what was cleared may be owed again, and be cleared again later."""
        if self.missed and self.arrears_on(on) > 0:
            self.in_arrears = True

    def _trigger(self, event: type[Event], **values: Any) -> None:
        self.trigger_event(event, household_id=self.household_id, **values)

    def _take_back(self, withdrawal: type[Event], noted: Event) -> None:
        """Withdraw what was noted, by an event with all that the first one said."""
        said = {name: value for name, value in vars(noted).items() if name not in OF_THE_LOG}
        self.trigger_event(withdrawal, corrects_version=noted.originator_version, **said)


def _total(lines: Lines) -> int:
    return sum(cents for _, cents in lines)


def _lines(lines: list[dict[str, Any]]) -> Lines:
    return tuple((UUID(line["charge_id"]), line["cents"]) for line in lines)
