"""The stock on the first day: dwellings, and leases in force for years."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from contracts.intake import EndReason, SuspensionReason
from services.demonstration.addresses import draw_language, spread_languages
from services.demonstration.bank_days import bank_day_from, first_of_month
from services.demonstration.parameters import Parameters
from services.demonstration.payment_habits import draw_habit, spread_habits
from services.demonstration.people import leaseholders
from services.demonstration.tenancies import Tenancy

VACANT_SHARE: Final = 0.0575
"""Vacant dwellings over leases: 1,660 dwellings for 1,570 leases, domain section 5; 5 % [S56]."""

VACANT_MIN: Final = 10
OLDEST_START: Final = date(1998, 2, 1)
YEARS_IN_PLACE: Final = 13.0
"""Mean of the exponential that starts are drawn from: 6.8 % of leases begin in a year [S103]."""

DWELLINGS_A_SITE: Final = 60


@dataclass(slots=True)
class Dwelling:
    """`unlettable_from` to `lettable_from`: when, vacant, it cannot be let, and for what reason."""

    reference: str
    bedrooms: int
    registered_on: date
    unlettable_from: date | None = None
    lettable_from: date | None = None
    reason: SuspensionReason = SuspensionReason.WORKS


@dataclass(slots=True)
class References:
    """Lease numbers, by year of start, in the order in which leases are entered."""

    last: dict[int, int] = field(default_factory=dict)

    def next_for(self, start_on: date) -> str:
        number = self.last[start_on.year] = self.last.get(start_on.year, 0) + 1
        return f"B{start_on.year}-{number:04d}"


@dataclass(slots=True)
class Stock:
    """`vacant`: dwellings that nobody rents on the first day, in an order drawn once."""

    dwellings: list[Dwelling]
    tenancies: list[Tenancy]
    vacant: list[str]
    references: References

    def enter(
        self, parameters: Parameters, dwelling: str, start_on: date, signed_on: date
    ) -> Tenancy:
        """A new household signs a lease."""
        reference = self.references.next_for(start_on)
        chance = parameters.stream("tenancy", reference)
        rent, charges = draw_amounts(self.bedrooms(dwelling), chance)
        tenancy = Tenancy(
            reference=reference,
            household=reference,
            dwelling=dwelling,
            start_on=start_on,
            names=leaseholders(chance),
            language=draw_language(parameters.stream("language", reference)),
            rent_cents=rent,
            charges_cents=charges,
            habit=draw_habit(chance),
            since=start_on.year,
            signed_on=signed_on,
        )
        self.tenancies.append(tenancy)
        return tenancy

    def move(
        self, parameters: Parameters, old: Tenancy, dwelling: str, start_on: date, signed_on: date
    ) -> Tenancy:
        """A household of the company moves to another of its dwellings, and keeps its habits."""
        new = self.enter(parameters, dwelling, start_on, signed_on)
        new.household, new.names, new.habit = old.household, old.names, old.habit
        new.language = old.language
        new.transfer_of = old.reference
        old.end(start_on - timedelta(days=1), signed_on, EndReason.TRANSFER)
        return new

    def bedrooms(self, dwelling: str) -> int:
        return self.dwelling(dwelling).bedrooms

    def dwelling(self, reference: str) -> Dwelling:
        return next(known for known in self.dwellings if known.reference == reference)


def draw_stock(parameters: Parameters) -> Stock:
    """Dwellings and leases on the first day, leases in order of their start."""
    vacant = max(VACANT_MIN, round(parameters.leases * VACANT_SHARE))
    dwellings = _draw_dwellings(parameters, parameters.leases + vacant)
    numbers = [dwelling.reference for dwelling in dwellings]
    parameters.stream("who lives where").shuffle(numbers)
    bedrooms = {dwelling.reference: dwelling.bedrooms for dwelling in dwellings}
    habits = spread_habits(parameters.leases, parameters.stream("habits of the stock"))
    chance = parameters.stream("starts of the stock")
    starts = sorted(_start_before(parameters.first_day, chance) for _ in habits)
    references = References()
    tenancies = []
    languages = spread_languages(habits, parameters.stream("languages of the stock"))
    drawn = zip(starts, numbers, habits, languages, strict=False)
    for start_on, number, habit, language in drawn:
        reference = references.next_for(start_on)
        chance = parameters.stream("tenancy", reference)
        rent, charges = draw_amounts(bedrooms[number], chance)
        tenancies.append(
            Tenancy(
                reference=reference,
                household=reference,
                dwelling=number,
                start_on=start_on,
                names=leaseholders(chance),
                language=language,
                rent_cents=rent,
                charges_cents=charges,
                habit=habit,
                since=parameters.first_day.year,
                welcomed_on=_welcome_known(start_on, parameters.first_day, chance),
            )
        )
    return Stock(dwellings, tenancies, numbers[parameters.leases :], references)


def _draw_dwellings(parameters: Parameters, count: int) -> list[Dwelling]:
    chance = parameters.stream("dwellings")
    dwellings = []
    for order in range(count):
        site, number = divmod(order, DWELLINGS_A_SITE)
        year = 1958 + (site * 7) % 45
        (bedrooms,) = chance.choices((0, 1, 2, 3, 4), (4, 28, 33, 29, 6))
        built = date(max(year, 1998), 1, 1)
        dwellings.append(Dwelling(f"S{site + 1:02d}-{number + 1:03d}", bedrooms, built))
    return dwellings


def _start_before(first_day: date, chance: Random) -> date:
    day = first_day - timedelta(days=1 + int(365 * chance.expovariate(1 / YEARS_IN_PLACE)))
    if day <= OLDEST_START:
        span = (first_of_month(first_day, -60) - OLDEST_START).days
        day = OLDEST_START + timedelta(days=chance.randrange(max(1, span)))
    return first_of_month(day) if chance.random() < 0.7 else day


def draw_amounts(bedrooms: int, chance: Random) -> tuple[int, int]:
    """Rent and charges a month, in cents.

    Source: mean social rent 288 € (2019) [S02-press], about a tenth more since; spread by size.
    """
    rent = chance.triangular(140_00, 450_00, 240_00) + bedrooms * 18_00
    charges = chance.triangular(25_00, 80_00, 35_00) + bedrooms * 2_00
    return round(rent), round(charges)


def _welcome_known(start_on: date, first_day: date, chance: Random) -> date | None:
    """When the tenant was welcomed, where the old files say so: mostly for the recent ones."""
    recent = (first_day - start_on).days < 6 * 365
    if chance.random() > (0.92 if recent else 0.40):
        return None
    held_on = bank_day_from(start_on + timedelta(days=chance.randint(0, 28)))
    return held_on if held_on < first_day else None
