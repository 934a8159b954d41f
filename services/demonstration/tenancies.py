"""A tenancy as the generator knows it from its first day to its last, and what each month costs."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from contracts.intake import EndReason, Language
from services.demonstration.bank_days import (
    bank_day_from,
    first_of_month,
    last_bank_day_before,
    last_of_month,
    month_of,
)
from services.demonstration.parameters import Parameters
from services.demonstration.payment_habits import Bill, Habit
from services.demonstration.people import Names
from services.intake.letting import payment_reference_of

DAYS_TO_PAY_A_FIRST_RENT = 10


@dataclass(slots=True)
class Tenancy:
    """One lease. Filled in by those who plan its life before the first day is played.

    Facts:  signed_on None: taken over with the stock. since: the year that the amounts are of;
            household: number of the household's first lease. scripted: nobody else may plan for it.
            told_cents: (rent, charges) on the tenant's paper where the lease was entered wrong;
            that is corrected on corrected_on. stops_paying_on: no money comes from that day on.
            withdrawn_on: it was a mistake, and replaced_by is the lease that was meant.
            late_visit: day of the visit and day of its record.
    """

    reference: str
    household: str
    dwelling: str
    start_on: date
    names: Names
    language: Language
    rent_cents: int
    charges_cents: int
    habit: Habit
    since: int
    signed_on: date | None = None
    transfer_of: str | None = None
    welcomed_on: date | None = None
    ended_on: date | None = None
    end_known_on: date | None = None
    end_reason: EndReason | None = None
    scripted: bool = False
    stops_paying_on: date | None = None
    told_cents: tuple[int, int] | None = None
    corrected_on: date | None = None
    withdrawn_on: date | None = None
    replaced_by: str | None = None
    first_bill_paid: bool = True
    names_the_old_lease: bool = False
    late_visit: tuple[date, date] | None = None
    amounts: dict[int, tuple[int, int]] = field(default_factory=dict)

    def end(self, ended_on: date, known_on: date, reason: EndReason) -> None:
        self.ended_on, self.end_known_on, self.end_reason = ended_on, known_on, reason

    def runs_on(self, day: date) -> bool:
        """Whether nobody plans its end by that day."""
        return self.start_on <= day and self.ended_on is None and self.withdrawn_on is None

    def payment_reference(self, slug: str) -> str:
        return payment_reference_of(slug, self.reference)

    def amounts_in(self, parameters: Parameters, year: int) -> tuple[int, int]:
        """Rent and charges a month; both are revised each 1 January.

        Units:  integer cents; rents move by -3 to +7 %, charges by 0 to +5 %.
        Source: revision on 1 January BR-20 [S75]; the spread is proposed.
        """
        if year <= self.since or self.told_cents is not None:
            return self.rent_cents, self.charges_cents
        if year not in self.amounts:
            rent, charges = self.amounts_in(parameters, year - 1)
            chance = parameters.stream("revision", self.household, year)
            rent = round(rent * chance.uniform(0.97, 1.07))
            self.amounts[year] = rent, round(charges * chance.uniform(1.0, 1.05))
        return self.amounts[year]


def bills_of(parameters: Parameters, tenancy: Tenancy) -> list[Bill]:
    """What the company charges a tenancy, as its rent rolls say, in order of month.

    Facts: a month's roll is imported on the last bank day before it, the first one on the first
           day; who enters later has a line in a supplementary roll, for the days that are left.
    """
    bills = []
    month = max(parameters.first_day, first_of_month(tenancy.start_on))
    while (roll_day := roll_day_of(parameters, month)) <= parameters.ends_on:
        over = tenancy.ended_on is not None and tenancy.ended_on < month
        undone = tenancy.withdrawn_on is not None and tenancy.withdrawn_on <= roll_day
        if over or undone:
            break
        known = tenancy.signed_on is None or tenancy.signed_on < roll_day
        if tenancy.start_on <= month and known:
            bills.append(_bill(parameters, tenancy, month, roll_day))
        else:
            bills.append(_first_bill(parameters, tenancy, month))
        month = first_of_month(month, 1)
    return [bill for bill in bills if bill.known_on <= parameters.ends_on]


def roll_day_of(parameters: Parameters, month: date) -> date:
    """The day on which the rent roll of a month is imported."""
    return max(parameters.first_day, last_bank_day_before(month))


def _bill(parameters: Parameters, tenancy: Tenancy, month: date, known_on: date) -> Bill:
    rent, charges = tenancy.amounts_in(parameters, month.year)
    right = None
    if tenancy.corrected_on is not None and tenancy.told_cents is not None:
        right = tenancy.told_cents
        if known_on >= tenancy.corrected_on:
            rent, charges = right
    due_on = month.replace(day=10)
    return Bill(month_of(month), due_on, rent, charges, known_on, sum(right) if right else None)


def _first_bill(parameters: Parameters, tenancy: Tenancy, month: date) -> Bill:
    assert tenancy.signed_on is not None
    last = last_of_month(month)
    days_left = (last - max(month, tenancy.start_on)).days + 1
    rent, charges = (
        round(cents * days_left / last.day) for cents in tenancy.amounts_in(parameters, month.year)
    )
    known_on = bank_day_from(max(tenancy.start_on, tenancy.signed_on + timedelta(days=1)))
    due_on = known_on + timedelta(days=DAYS_TO_PAY_A_FIRST_RENT)
    return Bill(month_of(month), due_on, rent, charges, known_on, supplementary=True)
