"""Why the figures of a period may still change, or do not cover it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from services.chassis.amounts import format_day
from services.chassis.asked import SERVICE_NAMES
from services.reporting.extent import bank_complete_until, closed_until, log_from
from services.reporting.figures import KnownOn, Period, counted_from
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import editions, in_force
from services.reporting.reconciliation import Checked
from services.reporting.views import words_read

if TYPE_CHECKING:
    from services.reporting.service import Reporting


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
                f"{name} n'a encore clos aucun jour\u00a0: des faits peuvent encore arriver."
            )
        elif day < known.last_over:
            yield Lack(
                f"{name} n'a clos ses jours que jusqu'au {format_day(day)}\u00a0: des faits "
                "peuvent encore arriver."
            )
        if reporting.store.standing(publisher).held:
            yield Lack(
                f"La lecture des faits de {name} est arrêtée\u00a0: l'exploitant doit décider."
            )
        if reporting.parking.decisions(publisher).waiting:
            yield Lack(f"Des faits de {name} sont mis de côté\u00a0: l'exploitant doit décider.")


def _looked_further_back(lacking: list[str], since: dict[str, date], began: date) -> str:
    ends = f", et le journal ne commence que le {format_day(began)}."
    if len(lacking) == 1:
        (one,) = lacking
        return f"{one} compte ce qui s'est passé depuis le {format_day(since[one])}{ends}"
    *most, last = lacking
    first = format_day(min(since[one] for one in lacking))
    return f"{', '.join(most)} et {last} remontent jusqu'au {first}{ends}"


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
        upto = f"que jusqu'au {format_day(until)}" if until else "pour aucun jour"
        yield Lack(f"Les extraits bancaires ne sont complets {upto}.", may_come=False)
    for one in checks:
        if one.fails:
            yield Lack(one.sentence, may_come=False)
