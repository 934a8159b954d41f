"""The definitions at the end of a report, with where each formula comes from in words."""

from collections.abc import Iterable

from services.reporting.exports.sheet import definitions
from services.reporting.indicators.definition import PERIODS, STATUSES, PeriodKind, SourceStatus
from services.reporting.objectives.contracts_by_year import Row


def definitions_in_words(used: Iterable[tuple[str, int]]) -> list[Row]:
    return [
        one
        | {
            "status": f"Formule {STATUSES[SourceStatus(str(one['source_status']))]}, version "
            f"{one['definition_version']}.",
            "period": PERIODS[PeriodKind(str(one["period_kind"]))],
            "source": str(one["source"]).rstrip("."),
        }
        for one in definitions(used)
    ]
