"""The period of an account's rent: how often it is asked for, and what it comes to.

A rent that is monthly has none: its charges are known by their month, `YYYY-MM`; those of another
rent by the first day of their period, `YYYY-MM-DD`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts.words import RentPeriod
from services.arrears.ladder.rent_conversion import MONTHS, WEEKS, convert_parts
from services.arrears.ladder.spans import DAYS, PERIODS_A_YEAR, Period
from services.chassis.refusal import Refusal

WORDS = {
    RentPeriod.WEEKLY: "Par semaine",
    RentPeriod.FORTNIGHTLY: "Toutes les deux semaines",
    RentPeriod.FOUR_WEEKLY: "Toutes les quatre semaines",
}

MONTH_LENGTH = len("YYYY-MM")


class PeriodDoesNotFit(Refusal):
    slug = "period-does-not-fit"
    title = "Période qui ne va pas avec le loyer"


class PeriodOverlaps(Refusal):
    slug = "period-overlaps"
    title = "Période déjà facturée"


@dataclass(frozen=True, slots=True)
class ChargedPeriod:
    """A period of a rent that is not monthly, from its first day to its last."""

    start: date
    end: date
    periods_a_year: int

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def overlaps(self, other: "ChargedPeriod") -> bool:
        return self.start <= other.end and other.start <= self.end


def key_of(month: str, period_start: date | None) -> str:
    """By what a charge is known on its account."""
    return month if period_start is None else period_start.isoformat()


def days_of(start: date, end: date) -> str:
    return f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}"


def period_from(period: RentPeriod, start: date) -> ChargedPeriod:
    end = start + timedelta(days=DAYS[length_of(period)] - 1)
    return ChargedPeriod(start, end, periods_a_year(period))


def charged_period(
    period: RentPeriod | None, key: str, charged: Iterable[ChargedPeriod]
) -> ChargedPeriod | None:
    """The period that a key means on an account; None when it means a month.

    `charged`: those charged already, none of which it may cut: it lies whole periods from each.
    Refuses: PeriodDoesNotFit, PeriodOverlaps (409).
    """
    by_month = len(key) == MONTH_LENGTH
    if period is None:
        if not by_month:
            raise PeriodDoesNotFit("Le loyer de ce bail est mensuel : indiquez son mois.")
        return None
    if by_month:
        asked = words_of(period).lower()
        raise PeriodDoesNotFit(
            f"Le loyer de ce bail est demandé {asked} : indiquez le premier jour de la période."
        )
    found = period_from(period, date.fromisoformat(key))
    others = sorted((o for o in charged if o.start != found.start), key=lambda o: o.start)
    for other in others:
        if other.overlaps(found):
            raise PeriodOverlaps(
                f"La période {days_of(other.start, other.end)} est déjà facturée : "
                "vérifiez le premier jour."
            )
    for other in others:
        if (found.start - other.start).days % found.days:
            raise PeriodDoesNotFit(
                f"Les périodes se comptent par {found.days} jours depuis le "
                f"{other.start:%d/%m/%Y} : vérifiez le premier jour."
            )
    return found


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
