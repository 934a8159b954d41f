"""The days on which Belgian banks book, and the arithmetic of months."""

from datetime import date, timedelta
from functools import cache
from typing import Final

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

FIXED: Final = ((1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
# Days after Easter: Good Friday, Easter Monday, Ascension, the day after it, Whit Monday.
AROUND_EASTER: Final = (-2, 1, 39, 40, 50)


@cache
def closing_days(year: int) -> frozenset[date]:
    """The days that banks are closed, weekends aside.

    Source: Febelfin, "When are the bank branches closed?" (2023 and 2024); community days, when
            only some branches close, and replacement days are left out.
    """
    fixed = {date(year, month, day) for month, day in FIXED}
    return frozenset(fixed | {easter(year) + timedelta(days=n) for n in AROUND_EASTER})


def is_bank_day(day: date) -> bool:
    return day.weekday() < 5 and day not in closing_days(day.year)


def bank_day_from(day: date) -> date:
    """That day if banks book on it, else the next one on which they do."""
    while not is_bank_day(day):
        day += timedelta(days=1)
    return day


def last_bank_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not is_bank_day(day):
        day -= timedelta(days=1)
    return day


def after_bank_days(day: date, count: int) -> date:
    """The bank day that comes `count` bank days after a day."""
    for _ in range(count):
        day = bank_day_from(day + timedelta(days=1))
    return day


def first_of_month(day: date, months: int = 0) -> date:
    """The first day of the month that lies `months` after the month of a day."""
    return day.replace(day=1) + relativedelta(months=months)


def last_of_month(day: date) -> date:
    return first_of_month(day, 1) - timedelta(days=1)


def month_of(day: date) -> str:
    """The month of a day as `YYYY-MM`."""
    return f"{day:%Y-%m}"
