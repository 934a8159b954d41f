"""What an account owes, by its lines: balance, net of a grace, periods unpaid. Integer cents."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import accumulate
from operator import attrgetter

from services.arrears.ladder.case import (
    Balance,
    Charge,
    ChargeKind,
    Credit,
    Line,
    Payment,
    Rent,
    Reversal,
    Turn,
)
from services.arrears.ladder.moments import BEGINNING, END, Lines, Moment
from services.arrears.ladder.spans import count_until, nth_day

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement of the balance: above 0 more is owed. `pays`: the charge day it pays first.

    `reverses`: the day of the payment that it undoes.
    """

    moment: Moment
    cents: int
    is_charge: bool
    pays: date | None = None
    reverses: date | None = None


class Books:
    """The money of a case. `lines`: everything known; questions name the moment they are for."""

    def __init__(self, lines: Lines, until: date) -> None:
        """`until`: the last day that anything is asked of."""
        self._rents = sorted(lines.of_kind(Rent), key=lambda rent: rent.first_day)
        self._first_days = [rent.first_day for rent in self._rents]
        ended = [turn.on for turn in lines.of_kind(Turn) if turn.what == "lease-ended"]
        self._ends_on = min(ended, default=None)
        stated = {balance.on: balance.cents for balance in lines.of_kind(Balance)}
        self._stated_on, self._stated = sorted(stated), stated
        written = [entry for at, line in lines.dated() if (entry := _entry(at, line))]
        self._entries = sorted([*written, *self._charged(until)], key=lambda e: e.moment)
        self._moments = [entry.moment for entry in self._entries]
        self._sums = [0, *accumulate(entry.cents for entry in self._entries)]
        self._charges = [entry for entry in self._entries if entry.is_charge]
        self._money = [entry for entry in self._entries if not entry.is_charge]
        self._names_charges = any(entry.pays for entry in self._money)
        self._days = sorted({moment.day for moment in self._moments} | stated.keys())
        self._evenings: dict[date, int] = {}
        self._lefts: dict[Moment, list[tuple[Entry, int]]] = {}
        self._paid = [
            (at, line) for at, line in lines.dated() if isinstance(line, Payment | Reversal)
        ]

    def _charged(self, until: date) -> Iterator[Entry]:
        last = until if self._ends_on is None else min(until, self._ends_on)
        for rent, following in self._in_turn():
            if not rent.charge_each_period or rent.cents == 0:
                continue
            for number in range(count_until(rent.first_day, rent.period, last)):
                day = nth_day(rent.first_day, rent.period, number)
                if day is not None and day < following:
                    yield Entry(Moment(day, BEGINNING), rent.cents, True)

    def _in_turn(self) -> Iterator[tuple[Rent, date]]:
        """Each rent and the first day on which it is no longer that one."""
        return zip(self._rents, [*self._first_days[1:], date.max], strict=False)

    @property
    def charged(self) -> dict[date, int]:
        """Cents of rent charged, by the day of the charge."""
        cents: dict[date, int] = {}
        for charge in self._charges:
            day = charge.moment.day
            cents[day] = cents.get(day, 0) + charge.cents
        return cents

    def days(self, until: date) -> list[date]:
        """The days on which the balance may change, in order."""
        return self._days[: bisect_right(self._days, until)]

    def _count(self, moment: Moment) -> int:
        return bisect_right(self._moments, moment)

    def balance(self, moment: Moment) -> int:
        """What is owed; below 0 when more was paid."""
        number = bisect_right(self._stated_on, moment.day)
        moved = self._sums[self._count(moment)]
        if number == 0:
            return moved
        # What is stated is the day's end: later movements come on top, those still ahead come off.
        day = self._stated_on[number - 1]
        return self._stated[day] + moved - self._sums[self._count(Moment(day, END))]

    def _evening(self, day: date) -> int:
        """What is owed at the end of one of the days."""
        if day not in self._evenings:
            self._evenings[day] = self.balance(Moment(day))
        return self._evenings[day]

    def rent(self, day: date) -> Rent | None:
        """The rent that is asked for on a day."""
        number = bisect_right(self._first_days, day)
        return self._rents[number - 1] if number else None

    def period_start(self, day: date) -> date | None:
        rent = self.rent(day)
        if rent is None:
            return None
        number = count_until(rent.first_day, rent.period, day)
        return nth_day(rent.first_day, rent.period, number - 1)

    def paid_this_period(self, moment: Moment) -> int:
        """Payments since the period began, less what was taken back of them; at least 0."""
        start = self.period_start(moment.day)
        if start is None:
            return 0
        cents = 0
        for at, line in reversed(self._paid):
            if line.on < start:
                break
            if at <= moment:
                if isinstance(line, Payment):
                    cents += line.cents
                elif line.reverses is None or line.reverses >= start:
                    cents -= line.cents
        return max(0, cents)

    def paid_on(self, moment: Moment) -> date | None:
        """The day of the last payment of which the bank left something."""
        left: dict[date, int] = {}
        for at, line in self._paid:
            if at > moment:
                break
            if isinstance(line, Payment):
                left[line.on] = left.get(line.on, 0) + line.cents
                continue
            named = line.reverses if line.reverses in left else None
            cents = line.cents
            while cents > 0 and left:
                day = named or next(reversed(left))
                part, named = min(left[day], cents), None
                left[day] -= part
                cents -= part
                if left[day] == 0:
                    del left[day]
        return next(reversed(left), None)

    def net(self, moment: Moment) -> int:
        """The balance less a grace: the period's rent less what was paid in it, at least 0."""
        rent = self.rent(moment.day)
        grace = max(0, rent.cents - self.paid_this_period(moment)) if rent else 0
        return self.balance(moment) - grace

    def unpaid(self, moment: Moment) -> list[bool]:
        """Of each period with a rent charge, in order, whether some of it is unpaid.

        Stated balances change nothing here.
        """
        periods: dict[date, bool] = {}
        for period, (_, cents) in zip(self._periods, self._left(moment), strict=False):
            periods[period] = periods.get(period, False) or cents > 0
        return list(periods.values())

    def unpaid_since(self, moment: Moment) -> date | None:
        """The day of the oldest rent charge of which something is unpaid."""
        return next((charge.moment.day for charge, cents in self._left(moment) if cents > 0), None)

    def _left(self, moment: Moment) -> list[tuple[Entry, int]]:
        """Of each rent charge, in order, what money left unpaid: it pays the one that it names
        first, else the oldest.
        """
        if moment in self._lefts:
            return self._lefts[moment]
        charges = self._charges[: bisect_right(self._charges, moment, key=_moment)]
        left = [charge.cents for charge in charges]
        free = sum(left) - self._sums[self._count(moment)]
        if self._names_charges:
            free = self._pay_named(moment, charges, left)
        _pay(left, range(len(left)), free)
        self._lefts[moment] = list(zip(charges, left, strict=True))
        return self._lefts[moment]

    def _pay_named(self, moment: Moment, charges: list[Entry], left: list[int]) -> int:
        """Pay the charges that money names; the money that is left over."""
        named: dict[date, list[int]] = {}
        for number, charge in enumerate(charges):
            named.setdefault(charge.moment.day, []).append(number)
        free = 0
        for money in _kept(entry for entry in self._money if entry.moment <= moment):
            of_day = named.get(money.pays, []) if money.pays else []
            free += _pay(left, of_day, money.cents)
        return free

    @cached_property
    def _periods(self) -> list[date]:
        """The first day of the period that each charge is of."""
        days = [charge.moment.day for charge in self._charges]
        return [self.period_start(day) or day for day in days]

    def owed_since(self, moment: Moment) -> date | None:
        """The day since which something has been owed at every day's end; None when nothing is."""
        if self.balance(moment) <= 0:
            return None
        since = moment.day
        for day in reversed(self.days(moment.day - A_DAY)):
            if self._evening(day) <= 0:
                break
            since = day
        return since

    def settled_on(self, moment: Moment) -> date | None:
        """The last day that something moved on and at whose end nothing was owed."""
        days = self.days(moment.day)
        if days and days[-1] == moment.day and self.balance(moment) > 0:
            days.pop()
        at_end = (day for day in reversed(days) if day == moment.day or self._evening(day) <= 0)
        return next(at_end, None)


_moment = attrgetter("moment")


@dataclass(slots=True)
class _Kept:
    """What is left of a payment; below 0 what was taken back and nobody had paid."""

    on: date
    pays: date | None
    cents: int


def _kept(entries: Iterable[Entry]) -> list[_Kept]:
    """Payments less what the bank took back of them.

    It takes back the payment of the day that it names, then money that names no charge.
    """
    kept: list[_Kept] = []
    for entry in entries:
        cents = -entry.cents
        if cents < 0:
            undone, last_first = partial(_undone_last, reverses=entry.reverses), reversed(kept)
            for payment in sorted(last_first, key=undone):
                part = min(max(payment.cents, 0), -cents)
                payment.cents -= part
                cents += part
        kept.append(_Kept(entry.moment.day, entry.pays, cents))
    return kept


def _undone_last(payment: _Kept, *, reverses: date | None) -> tuple[bool, bool]:
    return payment.on != reverses, payment.pays is not None


def _pay(left: list[int], charges: Iterable[int], cents: int) -> int:
    """Pay charges, by their numbers in `left`, in order; what remains of the money."""
    for number in charges:
        part = min(max(cents, 0), left[number])
        left[number] -= part
        cents -= part
    return cents


def _entry(moment: Moment, line: Line) -> Entry | None:
    match line:
        case Charge(kind=ChargeKind.RENT, cents=cents):
            return Entry(moment, cents, True)
        case Payment(cents=cents, pays=pays):
            return Entry(moment, -cents, False, pays)
        case Credit(cents=cents, cancels=cancels):
            return Entry(moment, -cents, False, cancels)
        case Reversal(cents=cents, reverses=reverses):
            return Entry(moment, cents, False, reverses=reverses)
    return None
