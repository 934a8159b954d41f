"""Euro amounts, days and sentences as people in French-speaking Belgium write and read them."""

import re
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency

LOCALE: Final = "fr_BE"
LIMIT_CENTS: Final = 10_000_000_00

# A space, a no-break space (pasted from spreadsheets) or a narrow one (what `format_cents` writes).
SPACES: Final = " \u00a0\u202f"

PLAIN = re.compile(r"([+-]?)(\d+)(?:[.,](\d{1,2}))?", re.ASCII)
SPACED = re.compile(rf"([+-]?)(\d{{1,3}}(?:[{SPACES}]\d{{3}})+)(?:[.,](\d{{1,2}}))?", re.ASCII)
DOTTED = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3})+),(\d{1,2})", re.ASCII)
MILLIONS = re.compile(r"([+-]?)(\d{1,3}(?:\.\d{3}){2,})()", re.ASCII)
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
TOO_FINE = re.compile(rf"[+-]?[\d.{SPACES}]*[.,]\d{{3,}}", re.ASCII)
SEPARATORS = re.compile(rf"[.{SPACES}]")
CURRENCY = re.compile(rf"[{SPACES}]*(?:€|EUR)$")
# A sentence in which no line breaks before a colon or within quotation marks.
unbroken = partial(re.sub, r" (?=[:;?!»])|(?<=«) ", "\u00a0")


def parse_cents(text: str) -> int:
    """Read an amount of euros typed by a person.

    Units:   integer euro cents, from -10 M€ to +10 M€ (`LIMIT_CENTS`) inclusive.
    Accepts: 1234,5 · 1234.56 · 1.234,56 · 1 234,56 (three kinds of space) · -12,50 · 12,50 €.
    Refuses: ValueError whose text, in French, says what is wrong and how to write it.
    """
    match = PLAIN.fullmatch(text) or _dressed(text)
    if match is None:
        raise ValueError(_complaint(text.strip()))
    sign, euros, fraction = match.groups(default="")
    digits = SEPARATORS.sub("", euros)
    # Eleven digits are already over the limit: do not let `int` chew a page of them.
    if len(digits.lstrip("0")) > 10:
        raise ValueError(_beyond(text.strip()))
    cents = int(digits) * 100 + int(fraction.ljust(2, "0"))
    if cents > LIMIT_CENTS:
        raise ValueError(_beyond(text.strip()))
    return -cents if sign == "-" else cents


def _dressed(text: str) -> re.Match[str] | None:
    bare = CURRENCY.sub("", text.strip()).replace("\u2212", "-")
    for form in (PLAIN, SPACED, DOTTED, MILLIONS):
        match = form.fullmatch(bare)
        if match is not None:
            return match
    return None


def _complaint(text: str) -> str:
    shown = text if len(text) <= 30 else text[:30] + "…"
    bare = CURRENCY.sub("", text).replace("\u2212", "-")
    if not bare:
        return "Le montant est vide. Écrivez par exemple 1234,56."
    if AMBIGUOUS.fullmatch(bare):
        return (
            f"« {shown} » est ambigu : milliers ou décimales ? "
            "Écrivez toujours les deux décimales, par exemple 1234,00 ou 1,23."
        )
    if TOO_FINE.fullmatch(bare):
        return f"« {shown} » a plus de deux décimales. Arrondissez au centime, par exemple 12,34."
    return f"« {shown} » n'est pas un montant. Écrivez par exemple 1234,56."


def _beyond(text: str) -> str:
    shown = text if len(text) <= 30 else text[:30] + "…"
    return (
        f"« {shown} » dépasse la limite de 10 000 000,00 € (en plus ou en moins). "
        "Vérifiez la virgule des décimales."
    )


def format_cents(cents: int) -> str:
    """Write cents as French-speaking Belgians read them: `−1 234,56 €`, nothing of it breaking."""
    return str(format_currency(Decimal(cents) / 100, "EUR", locale=LOCALE)).replace("-", "\u2212")


def format_day(day: date) -> str:
    """Write a day in full French: `23 novembre 2026`, `1er novembre 2026`."""
    written = str(format_date(day, "long", locale=LOCALE))
    return written.replace("1 ", "1er ", 1) if day.day == 1 else written
