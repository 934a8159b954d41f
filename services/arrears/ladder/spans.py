"""Calendar arithmetic of rents, plans and deadlines: periods, spans and their ends.

Calendar months are clipped to their end: a month after 31 January is 28 or 29 February.
"""

import re
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator

from services.chassis.readings import LAST_DAY
from services.chassis.written import STRICT


class Period(StrEnum):
    """How often rent is asked for."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four-weekly"
    MONTHLY = "monthly"


class Frequency(StrEnum):
    """How often an instalment is due."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four-weekly"
    MONTHLY = "monthly"
    ONE_OFF = "one-off"


PERIODS_A_YEAR = {
    Period.WEEKLY: 52,
    Period.FORTNIGHTLY: 26,
    Period.FOUR_WEEKLY: 13,
    Period.MONTHLY: 12,
}
TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", re.ASCII)
DAYS = {"weekly": 7, "fortnightly": 14, "four-weekly": 28}


@lru_cache(maxsize=65_536)
def nth_day(first: date, every: Period | Frequency, number: int) -> date | None:
    """The first day plus `number` periods; None past the last day that there is, or if once."""
    try:
        if every == Frequency.ONE_OFF:
            return first if number == 0 else None
        if every == Period.MONTHLY:
            found = first + relativedelta(months=number)
        else:
            found = first + timedelta(days=DAYS[every] * number)
    except (OverflowError, ValueError):
        return None
    return found if found <= LAST_DAY else None


def count_until(first: date, every: Period | Frequency, day: date) -> int:
    """How many of the days `first` plus k periods (k from 0) are not after `day`."""
    if day < first:
        return 0
    if every == Frequency.ONE_OFF:
        return 1
    if every != Period.MONTHLY:
        return (day - first).days // DAYS[every] + 1
    months = (day.year - first.year) * 12 + day.month - first.month
    last = nth_day(first, every, months)
    return months + (1 if last is not None and last <= day else 0)


def _time(value: object) -> time:
    """A time of day as HH:MM, or HH:MM:SS.   Errors: ValueError that says so."""
    if isinstance(value, str) and TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError("Une heure s'écrit HH:MM entre guillemets, comme '09:30'.")


TimeOfDay = Annotated[
    time, BeforeValidator(_time), WithJsonSchema({"type": "string", "pattern": f"^{TIME.pattern}$"})
]


class Span(BaseModel):
    """A number of days, weeks or calendar months: exactly one of them."""

    model_config = STRICT
    days: Annotated[int, Field(ge=0, le=40_000, strict=True)] | None = None
    weeks: Annotated[int, Field(ge=0, le=6_000, strict=True)] | None = None
    months: Annotated[int, Field(ge=0, le=1_200, strict=True)] | None = None

    @model_validator(mode="after")
    def _one(self) -> "Span":
        if sum(value is not None for value in (self.days, self.weeks, self.months)) != 1:
            raise ValueError("Donnez la durée d'une seule façon\u00a0: days, weeks ou months.")
        return self

    def after(self, day: date) -> date:
        """The day that lies this span after another; the last day that there is at most."""
        try:
            if self.months is not None:
                return day + relativedelta(months=self.months)
            return day + timedelta(days=self.days or 0, weeks=self.weeks or 0)
        except (OverflowError, ValueError):
            return date.max

    def before(self, day: date) -> date:
        """The day that lies this span before another. The longest one is 115 years."""
        if self.months is not None:
            return day - relativedelta(months=self.months)
        return day - timedelta(days=self.days or 0, weeks=self.weeks or 0)

    @property
    def words(self) -> str:
        unit, number = next((u, n) for u, n in self if n is not None)
        return f"{number} {unit if number != 1 else unit[:-1]}"
