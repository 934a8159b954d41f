"""What an account owes, by its lines: balance, net of a grace, periods unpaid. Integer cents."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.arrears.ladder.case import (
    Balance,
    Charge,
    ChargeKind,
    Credit,
    Line,
    Payment,
    Rent,
    Reversal,
)
from services.arrears.ladder.moments import BEGINNING, END, Lines, Moment, moment_of
from services.arrears.ladder.spans import count_until, nth_day

WEEKS = 52


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement of the balance: above 0 more is owed. `pays`: the charge day it pays first."""

    moment: Moment
    cents: int
    is_charge: bool
    pays: date | None = None


class Books:
    """The money of a case. `lines`: everything known; questions name the moment they are for."""

    def __init__(self, lines: Lines) -> None:
        self._rents = sorted(lines.of_kind(Rent), key=lambda rent: rent.first_day)
        self.balances = lines.of_kind(Balance)
        self._written = [entry for line in lines if (entry := _entry(line))]
        self._paid = [
            (moment_of(line), line.cents if isinstance(line, Payment) else -line.cents)
            for line in lines
            if isinstance(line, Payment | Reversal)
        ]

    def entries(self, until: Moment) -> list[Entry]:
        found = [e for e in [*self._written, *self._charged(until.day)] if e.moment <= until]
        return sorted(found, key=lambda e: e.moment)

    def _charged(self, until: date) -> Iterator[Entry]:
        for rent, following in self._in_turn():
            if not rent.charge_each_period or rent.cents == 0:
                continue
            for number in range(count_until(rent.first_day, rent.period, until)):
                day = nth_day(rent.first_day, rent.period, number)
                if day is not None and day < following:
                    yield Entry(Moment(day, BEGINNING), rent.cents, True)

    def _in_turn(self) -> Iterator[tuple[Rent, date]]:
        """Each rent and the first day on which it is no longer that one."""
        following = [*(rent.first_day for rent in self._rents[1:]), date.max]
        return zip(self._rents, following, strict=False)

    def balance(self, moment: Moment) -> int:
        """What is owed; below 0 when more was paid."""
        stated = [b for b in self.balances if b.on <= moment.day]
        if not stated:
            return sum(entry.cents for entry in self.entries(moment))
        last = stated[-1]
        end = Moment(last.on, END)
        until = max(moment, end)
        after = sum(e.cents for e in self.entries(until) if end < e.moment)
        undone = sum(e.cents for e in self.entries(end) if moment < e.moment)
        return last.cents + after - undone

    def rent(self, day: date) -> Rent | None:
        """The rent that is asked for on a day."""
        found = [rent for rent in self._rents if rent.first_day <= day]
        return found[-1] if found else None

    def period_start(self, day: date) -> date | None:
        rent = self.rent(day)
        if rent is None:
            return None
        number = count_until(rent.first_day, rent.period, day)
        return nth_day(rent.first_day, rent.period, number - 1)

    def paid_this_period(self, moment: Moment) -> int:
        """Payments less reversals since the period began."""
        start = self.period_start(moment.day)
        if start is None:
            return 0
        return sum(cents for when, cents in self._paid if start <= when.day and when <= moment)

    def net(self, moment: Moment) -> int:
        """The balance less a grace: the period's rent less what was paid in it, at least 0."""
        rent = self.rent(moment.day)
        grace = max(0, rent.cents - self.paid_this_period(moment)) if rent else 0
        return self.balance(moment) - grace

    def unpaid(self, moment: Moment) -> list[bool]:
        """Of each rent charge, by day, whether some of it is unpaid.

        Money pays the charge it names first, else the oldest. Stated balances change nothing here.
        """
        entries = self.entries(moment)
        days = [entry.moment.day for entry in entries if entry.is_charge]
        left = [entry.cents for entry in entries if entry.is_charge]
        free = 0
        for entry in entries:
            if not entry.is_charge:
                named = [n for n, day in enumerate(days) if day == entry.pays]
                free += _pay(left, named, -entry.cents)
        _pay(left, range(len(left)), free)
        return [cents > 0 for cents in left]

    def owed_since(self, moment: Moment) -> date | None:
        """The day since which something has been owed at every day's end; None when nothing is."""
        if self.balance(moment) <= 0:
            return None
        days = {e.moment.day for e in self.entries(moment)} | {b.on for b in self.balances}
        since: date | None = None
        for day in sorted((d for d in days if d < moment.day), reverse=True):
            if self.balance(Moment(day)) <= 0:
                return since or moment.day
            since = day
        return since or moment.day


def _pay(left: list[int], charges: Iterable[int], cents: int) -> int:
    """Pay charges, by their numbers in `left`, in order; what remains of the money."""
    for number in charges:
        part = min(max(cents, 0), left[number])
        left[number] -= part
        cents -= part
    return cents


def _entry(line: Line) -> Entry | None:
    moment = moment_of(line)
    match line:
        case Charge(kind=ChargeKind.RENT, cents=cents):
            return Entry(moment, cents, True)
        case Payment(cents=cents, pays=pays):
            return Entry(moment, -cents, False, pays)
        case Credit(cents=cents):
            return Entry(moment, -cents, False)
        case Reversal(cents=cents):
            return Entry(moment, cents, False)
    return None


def weekly(cents: int, periods_a_year: int) -> int:
    """An amount a period as one a week: times periods a year, by 52, half up."""
    return (2 * cents * periods_a_year + WEEKS) // (2 * WEEKS)
