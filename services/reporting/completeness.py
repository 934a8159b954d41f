"""Why the figures of a period may still change, or do not cover it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duckdb import DuckDBPyConnection

from services.chassis.amounts import format_day
from services.chassis.asked import SERVICE_NAMES
from services.reporting.extent import bank_complete_until, closed_until, log_from
from services.reporting.figures import KnownOn, Period, counted_from
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import indicators
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
    chosen: Indicator | None = None,
) -> Iterator[Lack]:
    """What every figure tells of itself; `chosen`: and this one, which may look further back."""
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
    elif chosen is not None and began > (since := counted_from(chosen, period)):
        yield Lack(
            f"{chosen.id} compte ce qui s'est passé depuis le {format_day(since)}, et le journal "
            f"ne commence que le {format_day(began)}.",
            may_come=False,
        )
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


def renewed(lacking: frozenset[str]) -> str:
    """That old views serve, and which figures are not right before new ones do."""
    touched = [i.id for i in indicators().values() if words_read(i.sql) & lacking]
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
