"""What is exported, whatever the format: a table with typed columns, what it says of itself, and
the definitions of its figures.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any

from services.reporting.indicators.definition import PERIMETER, PERIODS, STATUSES, UNITS
from services.reporting.indicators.register import edition, editions

Cell = str | int | Decimal | date | bool | None
Row = dict[str, Cell]


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DAY = "day"
    YES_NO = "yes-no"
    YEAR = "year"
    """A number that is not counted: « 2026 », never « 2 026 »."""


@dataclass(frozen=True)
class Column:
    """`name` is for programs, `label` for people; so are a cell's code and its `words`."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    words: Mapping[Any, str] = field(default_factory=dict)

    def read(self, cell: Cell) -> Cell:
        """What people read for a cell."""
        return self.words.get(cell, cell) if self.words else cell


@dataclass(frozen=True)
class Sheet:
    """`standing`: pairs that say of what, as known when, by which rule. A row has every column.
    `page`: what its rows are, where a file has pages. Rows may come one by one, and once.
    """

    filename: str
    title: str
    standing: list[tuple[str, str]]
    columns: list[Column]
    rows: Iterable[Row]
    definitions: list[Row]
    page: str = "Chiffres"


DEFINITION_COLUMNS = [
    Column("indicator", "Chiffre"),
    Column("definition_version", "Version", Kind.INTEGER),
    Column("valid_from", "Pour les périodes qui se terminent à partir du", Kind.DAY),
    Column("title", "Titre"),
    Column("unit", "Unité", words=UNITS),
    Column("formula", "Formule"),
    Column("counter_examples", "Ne compte pas"),
    Column("period_kind", "Période", words=PERIODS),
    Column("perimeter", "Périmètre"),
    Column("source", "Source"),
    Column("source_status", "Statut de la source", words=STATUSES),
]


def definitions(used: Iterable[tuple[str, int]]) -> list[Row]:
    """The definitions that figures were reckoned by, of which a row says id and version."""
    kept = {one.name: one for one in (edition(*each) for each in used) if one is not None}
    return [
        {
            "indicator": chosen.id,
            "definition_version": chosen.version,
            "valid_from": chosen.since,
            "title": chosen.title["fr"],
            "unit": chosen.unit.value,
            "formula": chosen.formula,
            "counter_examples": " ".join(chosen.counter_examples),
            "period_kind": chosen.period_kind.value,
            "perimeter": PERIMETER,
            "source": chosen.source,
            "source_status": chosen.source_status.value,
        }
        for chosen in sorted(kept.values(), key=attrgetter("id", "version"))
    ]


def used_by(figures: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """Which definitions these figures were reckoned by."""
    return ((each["indicator"], each["definition_version"]) for each in figures)


def asked_by(names: Iterable[str]) -> list[tuple[str, str]]:
    """That certain versions were asked for, if any were: a pair of what a sheet says of itself."""
    said = ", ".join(name.upper() for name in names)
    return [("Définitions demandées", said)] if said else []


def ever_used(identities: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Every version of these indicators, where figures of several years stand together."""
    return ((one.id, one.version) for identity in identities for one in editions()[identity])


def decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def exactly(side: Any) -> tuple[int | None, int | None]:
    """A side as a whole number, and what that is to be divided by: more than 1 for a mean."""
    if isinstance(side, dict):
        return side["num"], side["den"]
    return side, None if side is None else 1
