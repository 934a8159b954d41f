"""How households pay: a habit, drawn once, turns a tenancy's bills into money on days.

Shares and spreads are calibrated so that the figures of domain section 5 are reached, by what the
suite itself states of a household: a quarter misses a payment in a year. No source says how single
households pay.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final


class Habit(StrEnum):
    STANDING_ORDER = "standing-order"
    BY_HAND = "by-hand"
    DIRECT_DEBIT = "direct-debit"
    IN_ADVANCE = "in-advance"
    INSTALMENTS = "instalments"
    WELFARE_SHARE = "welfare-share"
    OFTEN_LATE = "often-late"
    FORGETFUL = "forgetful"
    PARTIAL = "partial"
    STOPS = "stops"


SHARES: Final = {
    Habit.STANDING_ORDER: 0.44,
    Habit.BY_HAND: 0.2,
    Habit.DIRECT_DEBIT: 0.095,
    Habit.IN_ADVANCE: 0.035,
    Habit.INSTALMENTS: 0.04,
    Habit.WELFARE_SHARE: 0.045,
    Habit.OFTEN_LATE: 0.02,
    Habit.FORGETFUL: 0.03,
    Habit.PARTIAL: 0.05,
    Habit.STOPS: 0.045,
}


class Way(StrEnum):
    """How money travels: only by hand can a reference be mistyped."""

    STANDING_ORDER = "standing-order"
    BY_HAND = "by-hand"
    DIRECT_DEBIT = "direct-debit"
    WELFARE_CENTRE = "welfare-centre"


@dataclass(frozen=True, slots=True)
class Bill:
    """One month's rent and charges. `right_cents`: what the tenant's paper says, where it differs.

    Units: integer cents; known_on is the day on which the rent roll is imported.
    """

    month: str
    due_on: date
    rent_cents: int
    charges_cents: int
    known_on: date
    right_cents: int | None = None
    supplementary: bool = False

    @property
    def cents(self) -> int:
        return self.rent_cents + self.charges_cents

    @property
    def asked_cents(self) -> int:
        """What the tenant believes to owe for the month."""
        return self.cents if self.right_cents is None else self.right_cents

    def day(self, number: int) -> date:
        """A day of the month whose 10th is the due day; past 31 it is one of the next."""
        return self.due_on + timedelta(days=number - 10)


@dataclass(frozen=True, slots=True)
class Intention:
    """Money that a payer sends; `returned_after`: bank days until a direct debit comes back."""

    day: date
    cents: int
    way: Way = Way.BY_HAND
    returned_after: int = 0


Intentions = Iterator[Intention]


def intentions(habit: Habit, bills: list[Bill], chance: Random) -> list[Intention]:
    """Everything that a household sends for these bills, in the order of the bills."""
    return [sent for sent in HABITS[habit](bills, chance) if sent.cents > 0]


def _standing_order(bills: list[Bill], chance: Random) -> Intentions:
    """One day a month; some leave the old amount standing for months after a revision."""
    number, slow = chance.randint(1, 9), chance.random() < 0.06
    owed = ordered = waits = 0
    for bill in bills:
        owed += bill.asked_cents
        if slow and ordered and bill.month.endswith("-01"):
            waits = chance.randint(1, 5)
        cents = ordered if waits > 0 else owed
        waits -= 1
        owed -= cents
        ordered = ordered if waits > 0 else bill.asked_cents
        yield Intention(bill.day(number), cents, Way.STANDING_ORDER)


def _by_hand(bills: list[Bill], chance: Random) -> Intentions:
    for bill in bills:
        number = chance.randint(1, 10) if chance.random() < 0.98 else chance.randint(11, 24)
        yield Intention(bill.day(number), bill.asked_cents)


def _direct_debit(bills: list[Bill], chance: Random) -> Intentions:
    """Collected on the 7th; what the payer's bank sends back is paid by hand weeks later."""
    for bill in bills:
        returned_after = chance.randint(2, 5) if chance.random() < 0.012 else 0
        yield Intention(bill.day(7), bill.asked_cents, Way.DIRECT_DEBIT, returned_after)
        if returned_after:
            yield Intention(bill.day(chance.randint(22, 55)), bill.asked_cents)


def _in_advance(bills: list[Bill], chance: Random) -> Intentions:
    """Two months at once, every other month."""
    number, owed = chance.randint(1, 6), 0
    for order, bill in enumerate(bills):
        owed += bill.asked_cents
        cents = max(0, owed) + (bill.asked_cents if order % 2 == 0 else 0)
        owed -= cents
        yield Intention(bill.day(number), cents)


def _instalments(bills: list[Bill], chance: Random) -> Intentions:
    """Two or three parts; now and then the last one comes when the month was judged."""
    parts = chance.randint(2, 3)
    for bill in bills:
        part = bill.asked_cents // parts
        last = chance.randint(16, 25) if chance.random() < 0.03 else chance.randint(9, 15)
        yield Intention(bill.day(chance.randint(1, 8)), part)
        if parts == 3:
            yield Intention(bill.day(chance.randint(9, 14)), part)
        yield Intention(bill.day(last), bill.asked_cents - part * (parts - 1))


def _welfare_share(bills: list[Bill], chance: Random) -> Intentions:
    """The public welfare centre (CPAS) pays a round part, the household the rest."""
    share = chance.uniform(0.3, 0.7)
    for bill in bills:
        part = int(bill.asked_cents * share) // 1000 * 1000
        yield Intention(bill.day(5), part, Way.WELFARE_CENTRE)
        yield Intention(bill.day(chance.randint(3, 14)), bill.asked_cents - part)


def _often_late(bills: list[Bill], chance: Random) -> Intentions:
    for bill in bills:
        late = chance.random() < 0.2
        number = chance.randint(32, 39) if late else chance.randint(9, 26)
        yield Intention(bill.day(number), bill.asked_cents)


def _forgetful(bills: list[Bill], chance: Random) -> Intentions:
    """A month is forgotten and paid with the next one."""
    owed = 0
    for bill in bills:
        owed += bill.asked_cents
        if chance.random() >= 0.12:
            yield Intention(bill.day(chance.randint(1, 10)), owed)
            owed = 0


def _partial(bills: list[Bill], chance: Random) -> Intentions:
    """Part of each month, until so much is owed that current months are paid in full."""
    share, months_owed_max = chance.uniform(0.5, 0.85), chance.uniform(0.6, 4.0)
    owed = 0
    for bill in bills:
        owed += bill.asked_cents
        full = owed > months_owed_max * bill.asked_cents or chance.random() < 0.1
        cents = bill.asked_cents if full else round(bill.asked_cents * share / 500) * 500
        owed -= cents
        yield Intention(bill.day(chance.randint(3, 18)), cents)


def _stops(bills: list[Bill], chance: Random) -> Intentions:
    """Nothing for some months, then each month a little more than its rent.

    The last quarter of a play is too short to begin: no debt of three months would come of it.
    """
    first, months = chance.randrange(-(-len(bills) * 3 // 4)), chance.randint(4, 18)
    more, owed = chance.uniform(1.0, 1.2), 0
    for order, bill in enumerate(bills):
        owed += bill.asked_cents
        if not first <= order < first + months:
            cents = min(owed, round(bill.asked_cents * more))
            owed -= cents
            yield Intention(bill.day(chance.randint(1, 12)), cents)


HABITS: Final[dict[Habit, Callable[[list[Bill], Random], Intentions]]] = {
    Habit.STANDING_ORDER: _standing_order,
    Habit.BY_HAND: _by_hand,
    Habit.DIRECT_DEBIT: _direct_debit,
    Habit.IN_ADVANCE: _in_advance,
    Habit.INSTALMENTS: _instalments,
    Habit.WELFARE_SHARE: _welfare_share,
    Habit.OFTEN_LATE: _often_late,
    Habit.FORGETFUL: _forgetful,
    Habit.PARTIAL: _partial,
    Habit.STOPS: _stops,
}


def spread_habits(count: int, chance: Random) -> list[Habit]:
    """Habits for `count` households in the shares above, so that small companies have them all."""
    habits: list[Habit] = []
    reached = 0.0
    for habit, share in SHARES.items():
        reached += share * count
        habits += [habit] * (round(reached) - len(habits))
    chance.shuffle(habits)
    return habits


def draw_habit(chance: Random) -> Habit:
    return chance.choices(list(SHARES), list(SHARES.values()))[0]
