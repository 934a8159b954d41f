"""An amount a period as one a week or a month: multiplied before it is divided, half up.

100.00 in 48 weeks of the year are 4 800.00 a year: 92.31 a week, 400.00 a month.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WEEKS, MONTHS = 52, 12


@dataclass(frozen=True, slots=True)
class Converted:
    """Amounts in integer cents. `rounding`: what the parts lack of the total, or below 0 exceed."""

    parts: tuple[int, ...]
    total: int

    @property
    def rounding(self) -> int:
        return self.total - sum(self.parts)


def convert(cents: int, periods_a_year: int, into: int) -> int:
    """One amount, ≥ 0: times periods a year, by the number of weeks or months in one, half up."""
    return (2 * cents * periods_a_year + into) // (2 * into)


def convert_parts(parts: Sequence[int], periods_a_year: int, into: int) -> Converted:
    """Each part for itself, and their sum for itself: the two need not agree to the cent."""
    return Converted(
        tuple(convert(part, periods_a_year, into) for part in parts),
        convert(sum(parts), periods_a_year, into),
    )
