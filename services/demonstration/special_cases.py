"""Cases that every demonstration company has, whatever its seed: what a reader should try first.

They are planned before everything else, on leases and dwellings that nobody else plans for.
"""

from datetime import date, timedelta

from contracts.intake import EndReason, SuspensionReason
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

DECEMBER = 12
UNLETTABLE_SHARE = 0.0139
"""Of dwellings, vacant and not lettable: 1.39 % in 2015, domain section 2 [S56]."""


def script_special_cases(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """Plan the special cases; which lease or dwelling each is about."""
    return {
        **_late_visit(parameters, stock),
        **_wrong_rent(parameters, stock),
        **_lease_by_mistake(parameters, stock),
        **_transfer(parameters, stock),
        **_death(parameters, stock),
        **_long_empty(parameters, stock),
        **_works(parameters, stock),
    }


def _month(parameters: Parameters, share: float) -> date:
    """The first day of the month that lies at a share of the play, never the very first month."""
    return parameters.month(max(1, min(parameters.months - 1, int(parameters.months * share))))


def _sitting_tenant(parameters: Parameters, stock: Stock) -> Tenancy:
    """A household of the stock, for years in its dwelling, that pays without being asked."""
    chosen = next(
        tenancy
        for tenancy in stock.tenancies[len(stock.tenancies) // 3 :]
        if tenancy.habit is Habit.STANDING_ORDER
        and not tenancy.scripted
        and tenancy.signed_on is None
        and tenancy.runs_on(parameters.first_day)
    )
    chosen.scripted = True
    return chosen


def _new_tenant(parameters: Parameters, stock: Stock, start_on: date, signed_on: date) -> Tenancy:
    tenancy = stock.enter(parameters, stock.vacant.pop(), start_on, signed_on)
    tenancy.habit, tenancy.scripted = Habit.STANDING_ORDER, True
    return tenancy


def _signing_before(parameters: Parameters, start_on: date, days: int) -> date:
    earliest = parameters.first_day + timedelta(days=1)
    return bank_day_from(max(earliest, start_on - timedelta(days=days)))


def _late_visit(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """A visit made in December, recorded in February; in a short play, two months later."""
    months = range(parameters.months - 2)
    decembers = [index for index in months if parameters.month(index).month == DECEMBER]
    index = decembers[-1] if decembers else months[-1]
    done_on = bank_day_from(parameters.month(index).replace(day=12))
    start_on = parameters.month(index - 6).replace(day=5)
    if start_on > parameters.first_day:
        signed_on = _signing_before(parameters, start_on, 12)
        tenancy = _new_tenant(parameters, stock, start_on, signed_on)
    else:
        tenancy = next(
            known for known in reversed(stock.tenancies) if known.habit is Habit.STANDING_ORDER
        )
        tenancy.start_on, tenancy.welcomed_on, tenancy.scripted = start_on, None, True
        tenancy.reference = tenancy.household = stock.references.next_for(start_on)
    recorded_on = bank_day_from(parameters.month(index + 2).replace(day=12))
    tenancy.late_visit = done_on, recorded_on
    return {"visit_recorded_two_months_late": tenancy.reference}


def _wrong_rent(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """Entered 100 € too dear; the tenant pays what the paper says; corrected two months later."""
    start_on = _month(parameters, 0.55)
    tenancy = _new_tenant(parameters, stock, start_on, _signing_before(parameters, start_on, 12))
    tenancy.told_cents = tenancy.rent_cents, tenancy.charges_cents
    tenancy.rent_cents += 100_00
    last = parameters.month(parameters.months - 1)
    noticed = min(last, first_of_month(start_on, 2))
    tenancy.corrected_on = bank_day_from(noticed.replace(day=18))
    return {"wrong_rent_corrected": tenancy.reference}


def _lease_by_mistake(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """Entered for the wrong dwelling, charged and paid once; withdrawn, and entered anew."""
    start_on = _month(parameters, 0.65)
    mistake = _new_tenant(parameters, stock, start_on, _signing_before(parameters, start_on, 10))
    mistake.withdrawn_on = bank_day_from(start_on.replace(day=20))
    meant = _new_tenant(parameters, stock, start_on, mistake.withdrawn_on)
    meant.names, meant.language = mistake.names, mistake.language
    meant.first_bill_paid = False
    meant.rent_cents, meant.charges_cents = mistake.rent_cents, mistake.charges_cents
    mistake.replaced_by = meant.reference
    return {"lease_withdrawn": mistake.reference, "lease_entered_instead": meant.reference}


def _transfer(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """The standing order still names the old lease the first time."""
    start_on = _month(parameters, 0.63)
    old = _sitting_tenant(parameters, stock)
    signed_on = _signing_before(parameters, start_on, 15)
    new = stock.move(parameters, old, stock.vacant.pop(), start_on, signed_on)
    new.scripted = new.names_the_old_lease = True
    return {"transferred_from": old.reference, "transferred_to": new.reference}


def _death(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """Known six days later; the lease ends with the month after the death."""
    tenancy = _sitting_tenant(parameters, stock)
    died_on = _month(parameters, 0.67).replace(day=12)
    tenancy.stops_paying_on = died_on
    last_day = last_of_month(first_of_month(died_on, 1))
    tenancy.end(last_day, bank_day_from(died_on + timedelta(days=6)), EndReason.DEATH)
    return {"death": tenancy.reference}


def _long_empty(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """Left at the end of the first month, and empty up to the end of the play: it is to be sold."""
    tenancy = _sitting_tenant(parameters, stock)
    known_on = after_bank_days(parameters.first_day, 3)
    tenancy.end(last_of_month(parameters.first_day), known_on, EndReason.NOTICE)
    dwelling = stock.dwelling(tenancy.dwelling)
    dwelling.unlettable_from = bank_day_from(first_of_month(parameters.first_day, 1).replace(day=8))
    dwelling.reason = SuspensionReason.SALE
    return {"dwelling_long_empty": tenancy.dwelling}


def _works(parameters: Parameters, stock: Stock) -> dict[str, str]:
    """Vacant and not lettable before the play begins; the works of one are done in the middle."""
    count = max(1, min(round(parameters.leases * UNLETTABLE_SHARE), len(stock.vacant) // 2))
    waiting = [stock.dwelling(stock.vacant.pop()) for _ in range(count)]
    for order, dwelling in enumerate(waiting):
        dwelling.unlettable_from = first_of_month(parameters.first_day, -1 - order % 20)
    done = waiting[0]
    done.lettable_from = bank_day_from(_month(parameters, 0.5).replace(day=10))
    return {"dwelling_out_for_works": done.reference}
