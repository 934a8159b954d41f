"""The period of an account's rent: how often it is asked for, and what it comes to.

A rent that is monthly has none: its charges are known by their month.
"""

from typing import Any

from contracts.words import RentPeriod
from services.arrears.ladder.rent_conversion import MONTHS, WEEKS, convert_parts
from services.arrears.ladder.spans import PERIODS_A_YEAR, Period

WORDS = {
    RentPeriod.WEEKLY: "Par semaine",
    RentPeriod.FORTNIGHTLY: "Toutes les deux semaines",
    RentPeriod.FOUR_WEEKLY: "Toutes les quatre semaines",
}


def length_of(period: RentPeriod) -> Period:
    """In the ladder's words: a rent in so many weeks of the year is a weekly one."""
    return Period.WEEKLY if period.startswith("weeks-") else Period(period.value)


def periods_a_year(period: RentPeriod) -> int:
    """For how many periods a year it is asked for."""
    weeks = period.removeprefix("weeks-")
    return PERIODS_A_YEAR[length_of(period)] if weeks == period else int(weeks)


def words_of(period: RentPeriod) -> str:
    return WORDS.get(period, f"Par semaine, {periods_a_year(period)} semaines par an")


def comes_to(period: RentPeriod, rent_cents: int, charges_cents: int) -> list[dict[str, Any]]:
    """What a rent that is not monthly comes to a week and a month.

    Shape: rent, charges, a rounding line where these do not add up, and the whole; integer cents.
    """
    asked = (rent_cents, charges_cents)
    week = convert_parts(asked, periods_a_year(period), WEEKS)
    month = convert_parts(asked, periods_a_year(period), MONTHS)
    names = ("Loyer", "Charges")
    rows: list[dict[str, Any]] = [
        {"what": what, "period": cents, "week": a_week, "month": a_month}
        for what, cents, a_week, a_month in zip(names, asked, week.parts, month.parts, strict=True)
    ]
    if week.rounding or month.rounding:
        rounding = {"period": 0, "week": week.rounding, "month": month.rounding}
        rows.append({"what": "Arrondi"} | rounding)
    whole = {"period": sum(asked), "week": week.total, "month": month.total}
    return [*rows, {"what": "En tout"} | whole]
