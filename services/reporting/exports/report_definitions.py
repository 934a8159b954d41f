"""The definitions at the end of a report, with where each formula comes from in words."""

from collections.abc import Iterable
from datetime import date

from services.chassis.amounts import format_day
from services.reporting.exports.sheet import Cell, definitions
from services.reporting.indicators.definition import PERIODS, STATUSES, PeriodKind, SourceStatus
from services.reporting.objectives.contracts_by_year import Row


def definitions_in_words(used: Iterable[tuple[str, int]]) -> list[Row]:
    return [
        one
        | {
            "status": f"Formule {STATUSES[SourceStatus(str(one['source_status']))]}, version "
            f"{one['definition_version']}{_since(one['valid_from'])}.",
            "valid_from": str(one["valid_from"]) if one["valid_from"] else None,
            "period": PERIODS[PeriodKind(str(one["period_kind"]))],
            "source": str(one["source"]).rstrip("."),
        }
        for one in definitions(used)
    ]


def _since(first: Cell) -> str:
    if not isinstance(first, date):
        return ""
    return f", pour les périodes qui se terminent à partir du {format_day(first)}"
