"""The decimals of targets: read as typed, kept as text with two places, shown in French."""

import re
from decimal import Decimal
from typing import Any

from services.chassis.amounts import format_cents
from services.reporting.indicators.definition import Amounts, Indicator, Unit

_TYPED = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?", re.ASCII)
NOT_A_DECIMAL = "un nombre de 0 à 999 999 999, avec deux décimales au plus, par exemple 7,5"


def read_bound(value: object) -> str:
    """« 7,5 » or 7.5 as `7.50`. Errors: ValueError."""
    typed = str(value).strip().replace("\u00a0", "").replace("\u202f", "")
    found = None if isinstance(value, bool) else _TYPED.fullmatch(typed)
    if found is None:
        raise ValueError(f"Écrivez {NOT_A_DECIMAL}.")
    return f"{int(found[1])}.{(found[2] or '').ljust(2, '0')}"


def beyond(
    targets: list[dict[str, Any]], indicator: Indicator, baseline: str | None = None
) -> list[tuple[str, str]]:
    """What is over a hundred per cent, (field, sentence) of each: a comma that was left out, and
    what is agreed of a year that is over stays, as the baseline does.
    """
    if indicator.unit is not Unit.PERCENT:
        return []
    wrong = [("baseline", "L'état des lieux\u00a0: 100\u00a0% au plus.")]
    return (wrong if Decimal(baseline or 0) > 100 else []) + [
        (f"at_{target['year']}", f"Cible de {target['year']}\u00a0: 100\u00a0% au plus.")
        for target in targets
        if any(Decimal(target.get(side) or 0) > 100 for side in ("at_least", "at_most"))
    ]


def shown_bound(bound: str, indicator: Indicator) -> str:
    """As people read it, with the unit of its figure."""
    if indicator.unit is Unit.PERCENT:
        return f"{plain_bound(bound)}\u00a0%"
    if indicator.amounts is Amounts.CENTS:
        return format_cents(int(bound.replace(".", "")))
    if indicator.unit is Unit.DAYS:
        return f"{plain_bound(bound)}\u00a0jours"
    return plain_bound(bound)


def plain_bound(bound: str) -> str:
    """As it is typed into a field: « 7,5 », « 12 »."""
    whole, _, places = bound.partition(".")
    places = places.rstrip("0")
    return f"{whole},{places}" if places else whole


def shown_target(target: dict[str, str], indicator: Indicator) -> str:
    """« au plus 8,5 % », « de 60 à 80 % »."""
    low, high = target.get("at_least"), target.get("at_most")
    if low is not None and high is not None:
        return f"de {plain_bound(low)} à {shown_bound(high, indicator)}"
    if low is not None:
        return f"au moins {shown_bound(low, indicator)}"
    return f"au plus {shown_bound(high, indicator)}" if high is not None else "aucune"
