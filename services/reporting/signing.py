"""What is signed off of a year: figures, until when they were known, one digest over all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import duckdb
import orjson

from contracts.reporting import PublishedFigure
from services.reporting.answers import Figure
from services.reporting.cutoffs import cut_off
from services.reporting.extent import cutoff
from services.reporting.figures import KnownOn, Period, figures, period_of
from services.reporting.indicators.definition import Indicator
from services.reporting.indicators.register import (
    UnknownIndicator,
    edition,
    editions,
    in_force,
    indicator,
)
from services.reporting.laid_views import laid_down

Attach = Callable[[Figure, Any], Figure]
"""Gives a figure its band, by the last day of the period."""
Reckon = Callable[[duckdb.DuckDBPyConnection, Iterable[str], Period, KnownOn], list[Figure]]
"""Figures of a period as known at a moment, by their names."""


@dataclass(frozen=True)
class Signed:
    """A year's figures as they can be signed off; `figures` as the contract writes them."""

    company: str
    year: int
    known_on: str
    cutoff: dict[str, int]
    figures: list[dict[str, Any]]

    @property
    def digest(self) -> str:
        """Over everything that was signed: whoever has the fact can reckon it again."""
        return digest_of(vars(self))

    @property
    def figures_digest(self) -> str:
        """Over the figures alone: what somebody had before their eyes."""
        return digest_of(self.figures)

    def recorded(self) -> dict[str, Any]:
        """The fields of the event, less those that it knows itself."""
        return {
            "known_on": self.known_on,
            "cutoff": self.cutoff,
            "figures": self.figures,
            "digest": self.digest,
        }


def digest_of(value: Any) -> str:
    """SHA-256 of a value as JSON: keys in order, no spaces, UTF-8."""
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def afresh(
    cursor: duckdb.DuckDBPyConnection, names: Iterable[str], period: Period, known: KnownOn
) -> list[Figure]:
    """From the facts, whatever was reckoned before."""
    wanted = [*names]
    with laid_down(cursor, known, [each.sql for each in in_force(wanted, period.last)]):
        return figures(cursor, wanted, period, known)


def as_known(
    cursor: duckdb.DuckDBPyConnection,
    company: str,
    year: int,
    known: KnownOn,
    attach: Attach,
    reckon: Reckon = afresh,
) -> Signed:
    """The figures of a year as known at a moment, with the positions that this comes to."""
    until = cutoff(cursor, known)
    reckoned = _published(cursor, editions(), year, known, attach, reckon)
    return Signed(company, year, moment_of(known), until, reckoned)


def again(
    cursor: duckdb.DuckDBPyConnection,
    company: str,
    version: Mapping[str, Any],
    attach: Attach,
    reckon: Reckon = afresh,
    *,
    names: Iterable[str] = (),
) -> Signed:
    """A published version reckoned anew, by today's code, from the facts up to its cut-off.

    `names`: of the definitions to reckon by, other than those that are in force today.
    """
    known, until = known_at(version["known_on"]), dict(version["cutoff"])
    year = version["year"]
    with cut_off(cursor, until):
        reckoned = _published(cursor, names or editions(), year, known, attach, reckon)
    return Signed(company, year, version["known_on"], until, reckoned)


def signed_by(version: Mapping[str, Any]) -> list[str]:
    """The definitions that a version was signed by, as far as they are kept."""
    used = ((figure["indicator"], figure["definition_version"]) for figure in version["figures"])
    return [kept.name for kept in (edition(*one) for one in used) if kept is not None]


def signed_definition(version: Mapping[str, Any], name: str) -> Indicator:
    """The definition that a figure was signed by; where it is not kept any more, the last one.

    Errors: UnknownIndicator, also for a figure that was not signed, or not by that version.
    """
    asked = indicator(name)
    by = {figure["indicator"]: figure["definition_version"] for figure in version["figures"]}
    chosen = edition(asked.id, by[asked.id]) if asked.id in by else None
    if chosen is None or name.upper() not in {chosen.id, chosen.name}:
        raise UnknownIndicator(f"{name.upper()} n'est pas dans cette version de la déclaration.")
    return chosen


def known_at(moment: str) -> KnownOn:
    """The moment of a signed version, itself included."""
    return KnownOn(datetime.fromisoformat(moment) + timedelta(microseconds=1), moment)


def moment_of(known: KnownOn) -> str:
    """As the contract writes it: the last moment that is known."""
    last = known.before.astimezone(UTC) - timedelta(microseconds=1)
    return last.isoformat(timespec="microseconds")


def _published(
    cursor: duckdb.DuckDBPyConnection,
    names: Iterable[str],
    year: int,
    known: KnownOn,
    attach: Attach,
    reckon: Reckon,
) -> list[dict[str, Any]]:
    period = period_of(year, known)
    reckoned = reckon(cursor, names, period, known)
    return [published(attach(figure, period.last)) for figure in reckoned]


def published(figure: Figure) -> dict[str, Any]:
    """A figure as its contract writes it: without words, which may be put better later."""
    told = {**figure, "gap": True if figure["definition_gap"] else None}
    return PublishedFigure.model_validate(told).model_dump(mode="json", exclude_none=True)
