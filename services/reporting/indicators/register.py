"""The indicators, found by looking: adding one, or another version of one, is adding its file.

A version that has counted a signed figure is never altered: it stays beside the one that follows
it, and each counts the periods that end while it is in force. By its id an indicator is counted as
it is in force; by `I20@1` as that version says, whatever the period, so that years of two versions
can be compared by whoever asks for it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib import import_module
from itertools import groupby, pairwise
from operator import attrgetter
from pkgutil import iter_modules

import services.reporting.indicators as package
from services.chassis.amounts import format_day
from services.chassis.refusal import NotFound
from services.reporting.indicators.definition import Indicator

EACH_PART = ("subject", "amount", "refs")
NAME = re.compile(r"(\w+?)(?:@([1-9]\d{0,3}))?", re.ASCII)


class UnknownIndicator(NotFound):
    slug = "unknown-indicator"
    title = "Indicateur inconnu"


@cache
def editions() -> dict[str, tuple[Indicator, ...]]:
    """Every version of each indicator, the first one first, in the order of the ids."""
    names = (info.name for info in iter_modules(package.__path__))
    return in_order(
        import_module(f"{package.__name__}.{name}").INDICATOR
        for name in names
        if re.match(r"i\d\d", name)
    )


def in_order(found: Iterable[Indicator]) -> dict[str, tuple[Indicator, ...]]:
    """Errors: ValueError for a definition that explains nothing, and for versions of which it is
    not plain which one counts what.
    """
    whole = sorted(map(_whole, found), key=attrgetter("id", "version"))
    ordered = {identity: tuple(each) for identity, each in groupby(whole, attrgetter("id"))}
    for earlier, later in (pair for versions in ordered.values() for pair in pairwise(versions)):
        if earlier.version == later.version:
            raise ValueError(f"{later.name} is there twice: give the newer one the next version.")
        if later.valid_from < earlier.valid_from:
            raise ValueError(
                f"{later.name} is in force before {earlier.name}: its valid_from cannot be earlier."
            )
        if earlier.unit is not later.unit:
            raise ValueError(f"{later.name} has another unit: give it an id of its own.")
    return ordered


def _whole(indicator: Indicator) -> Indicator:
    """Errors: ValueError for a definition of which no fact could be named."""
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


def indicators() -> dict[str, Indicator]:
    """The last version of each: its words, for whoever chooses among them."""
    return {identity: versions[-1] for identity, versions in editions().items()}


def asked_for(definitions: Iterable[str]) -> list[str]:
    """The names of all indicators; those of which definitions are named by these alone.

    Errors: UnknownIndicator.
    """
    by_id: dict[str, list[str]] = {}
    for name in dict.fromkeys(each.upper() for each in definitions):
        versions, _ = _asked(name)
        by_id.setdefault(versions[0].id, []).append(name)
    return [name for identity in editions() for name in by_id.get(identity, [identity])]


def in_force(names: Iterable[str], last: date) -> Iterator[Indicator]:
    """What counts a period that ends on this day, less what no version counts yet.

    Errors: UnknownIndicator.
    """
    for name in names:
        versions, number = _asked(name)
        counts = [
            one
            for one in versions
            if (one.version == number if number is not None else one.valid_from <= last)
        ]
        yield from counts[-1:]


def indicator(name: str, last: date = date.max) -> Indicator:
    """The version that counts a period that ends on this day. Errors: UnknownIndicator."""
    for chosen in in_force([name], last):
        return chosen
    first = _asked(name)[0][0]
    raise UnknownIndicator(
        f"{first.id} n'est défini que pour les périodes qui se terminent à partir du "
        f"{format_day(first.valid_from)}."
    )


def edition(identity: str, version: int) -> Indicator | None:
    """The version that counted a figure; where it is not kept any more, the last one."""
    versions = editions().get(identity, ())
    return next((one for one in versions if one.version == version), (versions or (None,))[-1])


def _asked(name: str) -> tuple[tuple[Indicator, ...], int | None]:
    """All versions of what a name is about, and the version that it asks for, if any."""
    read = NAME.fullmatch(name.upper())
    versions = editions().get(read[1], ()) if read else ()
    number = int(read[2]) if read and read[2] else None
    if not versions:
        raise UnknownIndicator(
            f"L'indicateur {name} n'existe pas. Connus\u00a0: {', '.join(editions())}."
        )
    if number is not None and all(one.version != number for one in versions):
        kept = ", ".join(one.name for one in versions)
        raise UnknownIndicator(f"La définition {name} n'existe pas. Connues\u00a0: {kept}.")
    return versions, number
