"""The indicators, found by looking: adding one is adding its file."""

import re
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import services.reporting.indicators as package
from services.chassis.refusal import NotFound
from services.reporting.indicators.definition import Indicator

EACH_PART = ("subject", "amount", "refs")


class UnknownIndicator(NotFound):
    slug = "unknown-indicator"
    title = "Indicateur inconnu"


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by its id, in the order of the ids."""
    found = {}
    for module in sorted(info.name for info in iter_modules(package.__path__)):
        if module.startswith("i") and module[1:3].isdigit():
            indicator = import_module(f"{package.__name__}.{module}").INDICATOR
            found[indicator.id] = whole(indicator)
    return found


def whole(indicator: Indicator) -> Indicator:
    """Errors: ValueError for a definition of which no fact could be named: it explains nothing."""
    for side in ("numerator", "denominator"):
        lacks = [
            name for name in EACH_PART if not re.search(rf"\b{name}\b", getattr(indicator, side))
        ]
        if lacks:
            raise ValueError(
                f"{indicator.id}: each row of its {side} needs {', '.join(lacks)}; refs are the "
                "facts behind it, as the views give them."
            )
    return indicator


def indicator(identity: str) -> Indicator:
    """Errors: UnknownIndicator."""
    if identity.upper() not in indicators():
        known = ", ".join(indicators())
        raise UnknownIndicator(f"L'indicateur {identity} n'existe pas. Connus : {known}.")
    return indicators()[identity.upper()]
