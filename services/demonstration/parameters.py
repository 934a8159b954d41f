"""What a demonstration company is made from: its size, its days, its seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from services.demonstration.bank_days import first_of_month

AVERAGE_LEASES: Final = 1570
"""Leases of an average company: 97,540 households over 62 companies, domain section 5 [S23]."""

LEASES_MIN: Final = 20
MONTHS_MIN: Final = 3
"""Fewer leave no room for the special cases."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Equal parameters make equal companies, to the byte.

    Facts:  the first day is the first of the month that makes `months` months up to `ends_on`.
    Units:  leases in force on the first day, calendar months.
    """

    leases: int
    months: int
    seed: int
    ends_on: date
    slug: str

    def __post_init__(self) -> None:
        if self.leases < LEASES_MIN or self.months < MONTHS_MIN:
            raise ValueError(
                f"A demonstration company has at least {LEASES_MIN} leases and {MONTHS_MIN} months."
            )

    @property
    def first_day(self) -> date:
        return first_of_month(self.ends_on, 1 - self.months)

    def month(self, index: int) -> date:
        """The first day of a month of the company's play, counted from 0."""
        return first_of_month(self.first_day, index)

    def all_days(self) -> list[date]:
        count = (self.ends_on - self.first_day).days + 1
        return [self.first_day + timedelta(days=n) for n in range(count)]

    def scaled(self, for_an_average_company: float) -> float:
        return for_an_average_company * self.leases / AVERAGE_LEASES

    def stream(self, *purpose: object) -> Random:
        """Chance for one purpose only: what one part draws never moves what another draws."""
        return stream(self.seed, *purpose)


def stream(seed: int, *purpose: object) -> Random:
    """A generator of its own for a seed and a purpose.

    Source: seeding by text hashes it with SHA-512, the same on every machine and in every run.
    """
    key = "/".join(map(str, (seed, *purpose)))
    return Random(key)  # noqa: S311 - a play is drawn here, nothing that must be kept secret
