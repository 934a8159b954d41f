"""The demonstration company: an average one in size and figures, played day by day.

Equal arguments give equal days, to the byte, on every machine: no clock, no hash, no set order.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from services.arrears.casework.policy_shelf import SHIPPED
from services.arrears.letters.template_shelf import SHIPPED as TEMPLATES
from services.demonstration.bank_account import ACCOUNT, BankAccount
from services.demonstration.bank_days import is_bank_day
from services.demonstration.diary import Diary
from services.demonstration.late_mail import comes_on
from services.demonstration.moves import plan_moves
from services.demonstration.officers import acts_for
from services.demonstration.parameters import AVERAGE_LEASES, Parameters
from services.demonstration.payments import Payment, payments_of, told_apart
from services.demonstration.rent_rolls import dwellings_file, leases_file, rent_rolls
from services.demonstration.special_cases import script_special_cases
from services.demonstration.steps import (
    AdoptPolicy,
    Day,
    HandleArrearsVisits,
    HandleCourt,
    HandleSupport,
    HandleWorkList,
    HandleWriteOffs,
    ImportFile,
    Step,
)
from services.demonstration.stock import Stock, draw_stock
from services.demonstration.tenancies import Tenancy, bills_of

LAST_DAY: Final = date(2025, 12, 31)
SLUG: Final = "demonstration"
A_WEEK: Final = 7

ARREARS_VISITS_WEEKDAYS: Final = (1, 3)
SHARE_PLANNED, SHARE_RECORDED, SHARE_MISSED = 0.05, 0.70, 0.15
"""Tuesdays and Thursdays; shares proposed, so that visits made over planned lie in 60 to 90 %."""


WORK_LIST_WEEKDAY: Final = 2
"""Wednesdays."""
LEAVE: Final = timedelta(days=14)
WRITE_OFF_MONTH: Final = 12
LONG_GONE, SMALL_DEBT_CENTS = timedelta(days=180), 50_000
"""Once a year; the limits are proposed, for want of a source."""
SUPPORT_WEEKS: Final = (0, 2)
"""The first and the third of a month: its two lists are read twice a month."""
POLICY: Final = SHIPPED / "wallonie.yaml"
LETTERS: Final = TEMPLATES / "wallonie.yaml"


class DemonstrationCompany:
    """See the module. `slug` is the company's name in the registry: payment references follow it.

    Units: leases in force on the first day, at least 20; calendar months, at least 3.
    """

    def __init__(
        self,
        leases: int = AVERAGE_LEASES,
        months: int = 24,
        seed: int = 1,
        ends_on: date = LAST_DAY,
        slug: str = SLUG,
    ) -> None:
        self.parameters = Parameters(leases, months, seed, ends_on, slug)
        self.account = ACCOUNT

    @property
    def first_day(self) -> date:
        return self.parameters.first_day

    @property
    def last_day(self) -> date:
        return self.parameters.ends_on

    @cached_property
    def special(self) -> dict[str, str]:
        """Leases (one dwelling) that show something, by what they show.

        Shape: scripted cases first, in every company; then whatever else chance has given it.
        """
        return self._plan.special

    def days(self) -> Iterator[Day]:
        """Every day of the play in order, each made when it is asked for."""
        plan = self._plan
        bank_account, mail = BankAccount(self.parameters), list[ImportFile]()
        for day in self.parameters.all_days():
            first: list[Step] = []
            if day == self.first_day:
                first += plan.imported_on_first_day
                first.append(AdoptPolicy(POLICY.read_text("utf-8"), LETTERS.read_text("utf-8")))
            first += plan.rolls.get(day, ())
            if is_bank_day(day):
                received, returned = plan.received.get(day, ()), plan.returned.get(day, ())
                mail.append(bank_account.statement(day, received, returned))
                if comes_on(self.parameters, day) == day:
                    first += mail
                    mail.clear()
                first += self._routine(day)
            yield plan.diary.page(day, *first)

    def _routine(self, day: date) -> Iterator[Step]:
        """What officers do on certain days of the week, or of the year.

        Facts: in the last two weeks nobody goes through the work list, and what the list before
               wrote was not printed: whoever comes to look finds a morning's work.
        """
        seed = self.parameters.seed
        if day.weekday() in ARREARS_VISITS_WEEKDAYS:
            yield HandleArrearsVisits(seed, SHARE_PLANNED, SHARE_RECORDED, SHARE_MISSED)
        if day.weekday() == WORK_LIST_WEEKDAY and (day.day - 1) // A_WEEK in SUPPORT_WEEKS:
            yield HandleSupport(seed)
        left = self.last_day - day
        if day.weekday() == WORK_LIST_WEEKDAY and left >= LEAVE:
            yield HandleWorkList(seed, prints=left >= LEAVE + timedelta(days=A_WEEK))
            if day.day <= A_WEEK:
                yield HandleCourt(seed)
                if day.month == WRITE_OFF_MONTH:
                    yield HandleWriteOffs(day - LONG_GONE, SMALL_DEBT_CENTS)

    @cached_property
    def _plan(self) -> "_Plan":
        return _Plan(self.parameters)


class _Plan:
    """Everything that happens, planned before the first day; only statements are written later."""

    def __init__(self, parameters: Parameters) -> None:
        stock = draw_stock(parameters)
        self.special = script_special_cases(parameters, stock)
        plan_moves(parameters, stock)
        tenancies = {t.reference: t for t in sorted(stock.tenancies, key=lambda t: t.reference)}
        bills = {lease: bills_of(parameters, tenancy) for lease, tenancy in tenancies.items()}
        payments = [
            payment
            for lease, tenancy in tenancies.items()
            for payment in payments_of(
                parameters, tenancy, bills[lease], tenancies.get(tenancy.transfer_of or "")
            )
        ]
        self.diary = Diary(parameters)
        for dwelling in stock.dwellings:
            self.diary.write_dwelling(dwelling)
        self.received: dict[date, list[Payment]] = {}
        self.returned: dict[date, list[Payment]] = {}
        for tenancy in tenancies.values():
            self.diary.write_tenancy(tenancy)
            self.diary.write_bills(tenancy, bills[tenancy.reference])
            for day, act in acts_for(parameters, tenancy):
                self.diary.add(day, act)
        payments = told_apart(payments)
        for payment in payments:
            self.diary.write_payment(payment)
            self.received.setdefault(payment.day, []).append(payment)
            if payment.returned_on is not None:
                self.returned.setdefault(payment.returned_on, []).append(payment)
        self.rolls = rent_rolls(bills)
        self.imported_on_first_day = _stock_files(parameters, stock)
        self.special |= _found(parameters, tenancies, payments)


def _stock_files(parameters: Parameters, stock: Stock) -> list[ImportFile]:
    in_force = [tenancy for tenancy in stock.tenancies if tenancy.signed_on is None]
    return [
        dwellings_file(stock.dwellings, parameters.first_day),
        leases_file(parameters, in_force),
    ]


def _found(
    parameters: Parameters, tenancies: dict[str, Tenancy], payments: list[Payment]
) -> dict[str, str]:
    """A lease of the stock for each habit, and the newest example of each mishap."""
    staying = [t for t in tenancies.values() if t.runs_on(parameters.first_day) and not t.scripted]
    found = {f"pays_{t.habit.value.replace('-', '_')}": t.reference for t in reversed(staying)}
    for payment in sorted(payments, key=lambda p: (p.day, p.number)):
        if payment.returned_on is not None and payment.returned_on <= parameters.ends_on:
            found["direct_debit_reversed"] = payment.meant_for
        if payment.named is None and payment.assigned_on is not None:
            known = payment.assigned_on <= parameters.ends_on
            kind = "wrong_reference" if payment.reference else "no_reference"
            found |= {f"paid_with_{kind}": payment.meant_for} if known else {}
    return found
