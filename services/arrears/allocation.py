"""Which payment pays which charge. Pure arithmetic in integer cents.

The oldest charge is paid first, unless a payment's ordering names what goes before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import lt
from uuid import UUID

from contracts.arrears import MatchedBy
from services.arrears.ladder.allocation_order import PaysFirst
from services.arrears.rent_period import ChargedPeriod


@dataclass(frozen=True, slots=True)
class Charge:
    """A month's rent and charges, or a `period`'s. `version`: of the event that first charged it.

    `month`: the calendar month, or that of the period's first day.
    """

    charge_id: UUID
    month: str
    due_on: date
    rent_cents: int
    charges_cents: int
    version: int
    period: ChargedPeriod | None = None

    @property
    def cents(self) -> int:
        return self.rent_cents + self.charges_cents

    @property
    def key(self) -> str:
        """By what it is known on its account: the month, or the period's first day."""
        return self.month if self.period is None else self.period.start.isoformat()

    @property
    def period_start(self) -> date | None:
        return self.period.start if self.period else None

    @property
    def begins_on(self) -> date:
        """The first day that is paid for."""
        return self.period_start or date.fromisoformat(f"{self.month}-01")

    def is_before(self, day: date) -> bool:
        """Whether all that is paid for was over before a day; a month when its own was over."""
        return self.period.end < day if self.period else self.month < f"{day:%Y-%m}"

    def is_current(self, day: date) -> bool:
        """Whether the month or the period is that of a day."""
        return self.begins_on <= day and not self.is_before(day)


@dataclass(frozen=True, slots=True)
class PlanDue:
    """The repayment plan that was live on a payment's day, and what of it was due by then.

    It covers the charges due by the day on which it was agreed.
    """

    plan_id: UUID
    agreed_on: date
    due_cents: int


@dataclass(frozen=True, slots=True)
class Ordering:
    """What a payment pays before the oldest charge, as policy said on its value date."""

    first: tuple[PaysFirst, ...] = ()
    plan: PlanDue | None = None


OLDEST_FIRST = Ordering()


@dataclass(frozen=True, slots=True)
class Payment:
    """Money in, less what the bank took back of it since. `order`: as it came."""

    payment_id: UUID
    cents: int
    value_date: date
    order: int
    matched_by: MatchedBy = MatchedBy.OFFICER
    ordering: Ordering = OLDEST_FIRST


Lines = tuple[tuple[UUID, int], ...]
"""(charge id, cents) of one payment."""


def allocate(charges: Iterable[Charge], payments: Iterable[Payment]) -> dict[UUID, Lines]:
    """Pay charges with the oldest money first, each by its ordering; what is left waits.

    Shape: every payment, in order of value date; its lines sum to at most its amount, and no
    charge gets more than it asks.
    """
    open_charges = _OpenCharges(charges)
    in_order = sorted(payments, key=lambda p: (p.value_date, p.order))
    return {payment.payment_id: open_charges.pay(payment) for payment in in_order}


def allocate_last(charges: Iterable[Charge], allocated_cents: int, payment: Payment) -> Lines:
    """As `allocate`, of a payment that comes after all others, when every one pays the oldest
    charge first; `allocated_cents`: what the others paid, all together.
    """
    lines: list[tuple[UUID, int]] = []
    paid, left = allocated_cents, payment.cents
    for charge in _oldest_first(charges):
        cents = charge.rent_cents + charge.charges_cents
        if cents <= paid:
            paid -= cents
        elif left > 0:
            part = min(left, cents - paid)
            lines.append((charge.charge_id, part))
            left, paid = left - part, 0
        else:
            break
    return tuple(lines)


def _oldest_first(charges: Iterable[Charge]) -> list[Charge]:
    """Most accounts were charged in that order: to see it takes less than to sort them."""
    found = list(charges)
    days = [charge.due_on for charge in found]
    return found if all(map(lt, days, days[1:])) else sorted(found, key=_age)


def _age(charge: Charge) -> tuple[date, str]:
    return charge.due_on, charge.key


class _OpenCharges:
    """Charges, oldest first, with what of each is not paid yet.

    `paid_until`: all before it are paid; `of_plans`: what each plan got as the first thing paid.
    """

    def __init__(self, charges: Iterable[Charge]) -> None:
        self.charges = _oldest_first(charges)
        self.unpaid = [charge.cents for charge in self.charges]
        self.paid_until = 0
        self.of_plans: dict[UUID, int] = {}

    def pay(self, payment: Payment) -> Lines:
        lines: dict[UUID, int] = {}
        left = payment.cents
        for name in payment.ordering.first:
            if name is PaysFirst.CURRENT_RENT_FIRST:
                left -= self._take(left, self._current(payment.value_date), lines)
            elif payment.ordering.plan is not None:
                left -= self._take_for(payment.ordering.plan, left, lines)
        rest = self.take_oldest(left)
        for charge_id, part in rest if lines else ():
            lines[charge_id] = lines.get(charge_id, 0) + part
        return tuple(lines.items()) if lines else tuple(rest)

    def take_oldest(self, left: int) -> list[tuple[UUID, int]]:
        """From where the last payment stopped: most payments of most companies do only this."""
        lines: list[tuple[UUID, int]] = []
        number, unpaid = self.paid_until, self.unpaid
        while left > 0 and number < len(unpaid):
            part = min(left, unpaid[number])
            if part > 0:
                lines.append((self.charges[number].charge_id, part))
                unpaid[number] -= part
                left -= part
            if unpaid[number] == 0:
                number += 1
        self.paid_until = number
        return lines

    def _current(self, day: date) -> list[int]:
        return [n for n, charge in enumerate(self.charges) if charge.is_current(day)]

    def _take_for(self, plan: PlanDue, left: int, lines: dict[UUID, int]) -> int:
        """Up to what is due of a plan and was not paid yet, on the charges that it covers."""
        got = self.of_plans.get(plan.plan_id, 0)
        covered = [n for n, charge in enumerate(self.charges) if charge.due_on <= plan.agreed_on]
        taken = self._take(min(left, max(0, plan.due_cents - got)), covered, lines)
        self.of_plans[plan.plan_id] = got + taken
        return taken

    def _take(self, cents: int, numbers: Sequence[int], lines: dict[UUID, int]) -> int:
        """Pay these charges in turn with at most so much; how much they took."""
        left = cents
        for number in numbers:
            if left <= 0:
                break
            part = min(left, self.unpaid[number])
            if part > 0:
                charge_id = self.charges[number].charge_id
                lines[charge_id] = lines.get(charge_id, 0) + part
                self.unpaid[number] -= part
                left -= part
        return cents - left
