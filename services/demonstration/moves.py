"""Who leaves, who moves inside the company and who enters, month by month."""

from datetime import date, timedelta
from math import ceil
from random import Random
from typing import Final

from contracts.intake import EndReason
from services.demonstration.bank_days import (
    after_bank_days,
    bank_day_from,
    first_of_month,
    last_of_month,
)
from services.demonstration.parameters import Parameters
from services.demonstration.payment_habits import Habit
from services.demonstration.stock import Stock
from services.demonstration.tenancies import Tenancy

ENTRIES_A_YEAR: Final = 106
"""Of an average company, transfers included: rotation 6.84 %, domain section 5 [S103]."""

TRANSFER_SHARE: Final = 0.302
"""Of entries: (663 - 463) / 663, domain section 12 [S104-press]."""

EVICTIONS_A_YEAR: Final = 7
"""Of an average company: 433 over 62, domain section 5 [S09]."""

EVICTION_MONTHS: Final = range(4, 11)
"""April to October: none from 1 November to 15 March, BR-06 [S19]."""

EMPTY_DAYS: Final = (30, 120)
GOOD_PAYERS: Final = (Habit.STANDING_ORDER, Habit.BY_HAND, Habit.DIRECT_DEBIT, Habit.INSTALMENTS)
"""Transfers need arrears of at most 100 €, BR-17 [S85]."""

BAD_PAYERS: Final = (Habit.STOPS, Habit.PARTIAL)


def plan_moves(parameters: Parameters, stock: Stock) -> None:
    """Plan every end, transfer and entry that is not scripted, on the stock's tenancies.

    Facts: numbers a month follow the yearly rates as closely as whole numbers can, whoever it
           falls on; a dwelling that becomes vacant stays so for 30 to 120 days.
    """
    _Moves(parameters, stock).plan()


class _Moves:
    def __init__(self, parameters: Parameters, stock: Stock) -> None:
        self._parameters, self._stock = parameters, stock
        entries = parameters.scaled(ENTRIES_A_YEAR) / 12
        self._transfers, self._entries = entries * TRANSFER_SHARE, entries * (1 - TRANSFER_SHARE)
        self._evictions = parameters.scaled(EVICTIONS_A_YEAR) / len(EVICTION_MONTHS)
        self._ends = self._entries - parameters.scaled(EVICTIONS_A_YEAR) / 12
        self._ended = self._waiting = self._eviction_months = 0
        # Available from when, and which; the rest of the vacant dwellings waits for works.
        chance = parameters.stream("vacant at first")
        ready = stock.vacant[: ceil(entries * 3)]
        self._empty = [(parameters.first_day + _days(chance, 0, 75), number) for number in ready]

    def plan(self) -> None:
        for index in range(self._parameters.months):
            month = self._parameters.month(index)
            self._end_some(index, month)
            self._evict_some(index, month)
            if index > 0:
                self._move_some(index, month)
            self._let_some(index, month)

    def _end_some(self, index: int, month: date) -> None:
        chance = self._parameters.stream("ends", index)
        for _ in range(_count(self._ends, index)):
            tenancy = self._choose(chance, month, 6)
            if tenancy is None:
                return
            self._ended += 1
            self._end(tenancy, month, chance)
            self._leave(tenancy, chance)

    def _end(self, tenancy: Tenancy, month: date, chance: Random) -> None:
        if self._ended % 9 == 4:
            died_on = month + _days(chance, 2, 25)
            tenancy.stops_paying_on = died_on
            known_on = bank_day_from(died_on + _days(chance, 3, 9))
            tenancy.end(last_of_month(first_of_month(month, 1)), known_on, EndReason.DEATH)
        elif self._ended % 18 == 9:
            found_on = bank_day_from(month + _days(chance, 6, 18))
            tenancy.stops_paying_on = found_on - _days(chance, 50, 120)
            tenancy.end(found_on, found_on, EndReason.ABANDONED)
        else:
            reason = EndReason.TERMINATION if self._ended % 25 == 12 else EndReason.NOTICE
            earliest = self._parameters.first_day + _days(chance, 1, 14)
            given_on = first_of_month(month, -3) + _days(chance, 0, 25)
            tenancy.end(last_of_month(month), bank_day_from(max(earliest, given_on)), reason)
            if chance.random() < 0.2:
                tenancy.stops_paying_on = last_of_month(month) - _days(chance, 20, 80)

    def _evict_some(self, index: int, month: date) -> None:
        if month.month not in EVICTION_MONTHS:
            return
        # The debt that leads to an eviction builds up within the play.
        count = _count(self._evictions, self._eviction_months) if index > 6 else 0
        self._eviction_months += 1
        chance = self._parameters.stream("evictions", index)
        for _ in range(count):
            tenancy = self._choose(chance, month, 24, BAD_PAYERS)
            if tenancy is None:
                return
            evicted_on = bank_day_from(month + _days(chance, 6, 18))
            stopped_on = evicted_on - _days(chance, 190, 330)
            tenancy.stops_paying_on = max(self._parameters.first_day, stopped_on)
            tenancy.end(evicted_on, evicted_on, EndReason.EVICTION)
            self._leave(tenancy, chance)

    def _move_some(self, index: int, month: date) -> None:
        chance = self._parameters.stream("transfers", index)
        for _ in range(_count(self._transfers, index)):
            old = self._choose(chance, month, 36, GOOD_PAYERS)
            dwelling = self._take_empty(month)
            if old is None or dwelling is None:
                return
            signed_on = bank_day_from(month - _days(chance, 10, 25))
            new = self._stock.move(self._parameters, old, dwelling, month, signed_on)
            new.names_the_old_lease = chance.random() < 0.3
            self._leave(old, chance)

    def _let_some(self, index: int, month: date) -> None:
        chance = self._parameters.stream("entries", index)
        # Where no dwelling is ready in time, the household waits for the next month.
        self._waiting += _count(self._entries, index)
        for _ in range(self._waiting):
            start_on = self._start_in(month, chance)
            dwelling = self._take_empty(start_on)
            if dwelling is None:
                return
            earliest = after_bank_days(self._parameters.first_day, 1)
            signed_on = bank_day_from(start_on - _days(chance, 5, 25))
            self._stock.enter(self._parameters, dwelling, start_on, max(earliest, signed_on))
            self._waiting -= 1

    def _start_in(self, month: date, chance: Random) -> date:
        kind, day = chance.random(), chance.randint(2, 27)
        if month == self._parameters.first_day:
            return month.replace(day=max(8, day))
        return month if kind < 0.55 else month.replace(day=15 if kind < 0.75 else day)

    def _choose(
        self, chance: Random, month: date, months: int, habits: tuple[Habit, ...] = tuple(Habit)
    ) -> Tenancy | None:
        """A tenancy that nobody plans for, in place since some months, with one of the habits."""
        since = first_of_month(month, -months)
        free = [
            tenancy
            for tenancy in self._stock.tenancies
            if tenancy.habit in habits and tenancy.runs_on(since) and not tenancy.scripted
        ]
        return chance.choice(free) if free else None

    def _leave(self, tenancy: Tenancy, chance: Random) -> None:
        assert tenancy.ended_on is not None
        free_from = tenancy.ended_on + timedelta(days=1) + _days(chance, *EMPTY_DAYS)
        self._empty.append((free_from, tenancy.dwelling))

    def _take_empty(self, start_on: date) -> str | None:
        ready = [entry for entry in self._empty if entry[0] <= start_on]
        if not ready:
            return None
        longest = min(ready)
        self._empty.remove(longest)
        return longest[1]


def _days(chance: Random, least: int, most: int) -> timedelta:
    return timedelta(days=chance.randint(least, most))


def _count(rate: float, index: int) -> int:
    """How many in a month, so that the sum over months keeps to the rate, rounded half up."""
    return int(rate * (index + 1) + 0.5) - int(rate * index + 0.5)
