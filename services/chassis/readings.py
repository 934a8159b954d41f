"""Days and numbers as they are written in documents and on the command line, in one way each."""

import re
from datetime import date
from fractions import Fraction

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?(/[0-9]{1,15})?", re.ASCII)


def read_day(value: object) -> date:
    """A day as YYYY-MM-DD, between 1990 and 2199.   Errors: ValueError that says so."""
    if isinstance(value, str):
        if not DAY.fullmatch(value):
            raise ValueError("a day is written YYYY-MM-DD")
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise ValueError("a day is written YYYY-MM-DD, and must exist") from None
    if type(value) is not date:
        raise ValueError("a day is written YYYY-MM-DD")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"a day lies between {FIRST_DAY} and {LAST_DAY}")
    return value


def exact_number(value: object) -> Fraction:
    """A number as it is written: 3, 2.5 or 5/2.   Errors: ValueError that says so."""
    text = str(value)
    if isinstance(value, bool) or not NUMBER.fullmatch(text):
        raise ValueError("a number, such as 3, 2.5 or 5/2")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError("a number, such as 3, 2.5 or 5/2") from None
