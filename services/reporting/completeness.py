"""Why the figures of a period may still change, or do not cover it.

A sentence that names figures is said of these alone, one that names none of all: so is what a
return was signed despite, of which its fact holds the sentences.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection

from services.chassis.amounts import format_day
from services.chassis.asked import SERVICE_NAMES
from services.reporting.extent import bank_complete_until, closed_until, log_from
from services.reporting.figures import KnownOn, Period, counted_from
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import editions, in_force
from services.reporting.reconciliation import Checked
from services.reporting.views import types_read, words_read

if TYPE_CHECKING:
    from services.reporting.service import Reporting


FIGURE = re.compile(r"\bI\d\d[A-Z]?\b", re.ASCII)
MOVED_BY_MONEY = {
    "arrears.payment-received",
    "arrears.payment-missed",
    "arrears.instalment-missed",
}
"""What is recorded of a bank statement, or because none said that it was paid."""


@dataclass(frozen=True)
class Lack:
    """A sentence that says what is missing. `may_come`: it comes, or an operator decides of it;
    otherwise it stays as it is, and a person may sign for it with a written reason.
    """

    sentence: str
    may_come: bool = True


def lacks(
    reporting: "Reporting",
    cursor: DuckDBPyConnection,
    period: Period,
    known: KnownOn,
    told: Iterable[Indicator] | None = None,
) -> Iterator[Lack]:
    """What every figure of the period tells of itself, and `told` (all of them unless said), of
    which some look further back.
    """
    if reporting.store.is_outdated:
        yield Lack(renewed(reporting.store.lacking))
    began = log_from(cursor, known)
    if began is None:
        yield Lack("Rien n'était encore enregistré.", may_come=False)
    elif began > period.first:
        yield Lack(
            f"Le journal commence le {format_day(began)}\u00a0: ce qui s'est passé avant n'est "
            "connu que par les données reprises ce jour-là.",
            may_come=False,
        )
    else:
        wanted = in_force(editions(), period.last) if told is None else told
        since = {one.id: counted_from(one, period) for one in wanted}
        lacking = sorted(identity for identity, day in since.items() if began > day)
        if lacking:
            yield Lack(_looked_further_back(lacking, since, began), may_come=False)
    for publisher, day in closed_until(cursor).items():
        name = SERVICE_NAMES[publisher]
        if day is None:
            yield Lack(
                f"{name} n'a encore clos aucun jour (un jour se clôt la nuit qui le suit)\u00a0: "
                "des faits peuvent encore arriver."
            )
        elif day < known.last_over:
            yield Lack(
                f"{name} n'a clos ses jours que jusqu'au {format_day(day)}\u00a0: des faits "
                "peuvent encore arriver."
            )
        if reporting.store.standing(publisher).held:
            yield Lack(
                f"La lecture des faits de «\u00a0{name}\u00a0» est arrêtée\u00a0: l'exploitant "
                "doit décider."
            )
        if reporting.parking.decisions(publisher).waiting:
            yield Lack(
                f"Des faits de «\u00a0{name}\u00a0» sont mis de côté\u00a0: l'exploitant doit "
                "décider."
            )


def _looked_further_back(lacking: list[str], since: dict[str, date], began: date) -> str:
    ends = f", et le journal ne commence que le {format_day(began)}."
    if len(lacking) == 1:
        (one,) = lacking
        return f"{one} compte ce qui s'est passé depuis le {format_day(since[one])}{ends}"
    by_day: dict[date, list[str]] = {}
    for one in lacking:
        by_day.setdefault(since[one], []).append(one)
    first, *later = sorted(by_day)
    reach = "remontent" if by_day[first][1:] else "remonte"
    said = [f"{listed(by_day[first])} {reach} jusqu'au {format_day(first)}"]
    said += [f"{listed(by_day[day])} jusqu'au {format_day(day)}" for day in later]
    return f"{', '.join(said)}{ends}"


def listed(identities: list[str]) -> str:
    """« I13, I20 et I22 »."""
    return " et ".join(
        [", ".join(identities[:-1]), identities[-1]] if identities[1:] else identities
    )


def renewed(lacking: frozenset[str]) -> str:
    """That old views serve, and which figures are not right before new ones do."""
    touched = [
        identity
        for identity, versions in editions().items()
        if any(words_read(one.sql) & lacking for one in versions)
    ]
    sentence = "Après une mise à jour, les chiffres se recalculent\u00a0: voici ceux d'avant."
    if touched:
        sentence += f" Peuvent ne pas être justes d'ici là\u00a0: {', '.join(touched)}."
    return sentence


def lacks_of_a_return(
    reporting: "Reporting",
    cursor: DuckDBPyConnection,
    period: Period,
    known: KnownOn,
    checks: Iterable[Checked],
) -> Iterator[Lack]:
    """What stands in the way of signing: as for figures, bank statements to the year's end, and
    checks that do not hold.
    """
    yield from lacks(reporting, cursor, period, known)
    until = bank_complete_until(cursor, known)
    if until is None or until < period.last:
        yield Lack(without_bank(until, in_force(editions(), period.last)), may_come=False)
    for one in checks:
        if one.fails:
            yield Lack(one.sentence, may_come=False)


def without_bank(until: date | None, told: Iterable[Indicator]) -> str:
    """Until when bank statements are complete, and the figures that depend on those after it."""
    upto = f"que jusqu'au {format_day(until)}" if until else "pour aucun jour"
    moved = sorted(one.id for one in told if types_read(one.sql) & MOVED_BY_MONEY)
    depend = f"\u00a0: {listed(moved)} en dépendent" if moved else ""
    return f"Les extraits bancaires ne sont complets {upto}{depend}."


def touches(sentence: str, identity: str) -> bool:
    """Whether a sentence about what is missing is about this figure."""
    named = set(FIGURE.findall(sentence))
    return not named or identity in named


def each_complete(figures: Iterable[Any], missing: Collection[str]) -> Iterator[Any]:
    """Figures, of which each says whether any of these sentences touches it."""
    for figure in figures:
        touched = any(touches(sentence, figure["indicator"]) for sentence in missing)
        yield {**figure, "complete": not touched}
