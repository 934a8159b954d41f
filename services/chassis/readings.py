"""Days and numbers as they are written in documents and on the command line, in one way each."""

import re
from contextlib import suppress
from datetime import date
from fractions import Fraction

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?(/[0-9]{1,15})?", re.ASCII)
NO_DAY = "Une date qui existe est attendue, écrite AAAA-MM-JJ\u00a0: 2026-11-23."
NO_NUMBER = "Un nombre est attendu, comme 3, 2.5 ou 5/2."


def read_day(value: object) -> date:
    """A day as YYYY-MM-DD, between 1990 and 2199.   Errors: ValueError that says so."""
    if isinstance(value, str) and DAY.fullmatch(value):
        with suppress(ValueError):
            value = date.fromisoformat(value)
    if type(value) is not date:
        raise ValueError(NO_DAY)
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"La date doit être entre {FIRST_DAY} et {LAST_DAY}.")
    return value


def exact_number(value: object) -> Fraction:
    """A number as it is written: 3, 2.5 or 5/2.   Errors: ValueError that says so."""
    text = str(value)
    if isinstance(value, bool) or not NUMBER.fullmatch(text):
        raise ValueError(NO_NUMBER)
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError(NO_NUMBER) from None
