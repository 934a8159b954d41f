"""Quotients: exact inside, rounded at the edge alone."""

from decimal import Decimal
from fractions import Fraction

from typing_extensions import TypedDict

CENT = Decimal("0.01")


class Exact(TypedDict):
    """A quotient that is not rounded."""

    num: int
    den: int


def fraction_of(side: int | Exact) -> Fraction:
    return Fraction(side) if isinstance(side, int) else Fraction(side["num"], side["den"])


def exact_of(number: Fraction) -> int | Exact:
    """A whole number as it is, another as an exact fraction."""
    if number.denominator == 1:
        return number.numerator
    return {"num": number.numerator, "den": number.denominator}


def quotient(numerator: int, denominator: int | Fraction) -> str | None:
    """A percentage to two decimals, half up; None for a denominator of zero (BR-23)."""
    return exact_quotient(Fraction(numerator * 100), Fraction(denominator))


def exact_quotient(numerator: Fraction, denominator: Fraction) -> str | None:
    """A quotient to two decimals, half up and away from zero; None for a denominator of zero."""
    if denominator == 0:
        return None
    exact = numerator / denominator
    hundredths = (abs(exact.numerator) * 200 + exact.denominator) // (2 * exact.denominator)
    return str(Decimal(hundredths if exact >= 0 else -hundredths).scaleb(-2).quantize(CENT))
