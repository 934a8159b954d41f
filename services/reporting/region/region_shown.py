"""What the region's page shows: figures in words, by company, by province, and added up."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from services.reporting.indicators.register import edition
from services.reporting.pages import worded
from services.reporting.region.comparable import CompanyRow, ComparableTable, Total
from services.reporting.region.provinces import UNTOLD, Added, Part
from services.reporting.return_told import with_words


def cell_shown(row: CompanyRow, added: Added) -> dict[str, Any]:
    figure = row.shown.get(added.indicator.id)
    if figure is None:
        return {"figure": None, "definition": ""}
    return {
        "figure": worded(with_words(dict(figure))),
        "definition": _definition(added, figure["definition_version"]),
    }


def definitions_shown(table: ComparableTable, added: Added) -> list[dict[str, Any]]:
    """By which versions the figure is shown here, of how many companies, and what each counts."""
    identity = added.indicator.id
    shown = [row.shown[identity] for row in table.rows if identity in row.shown]
    found = Counter(figure["definition_version"] for figure in shown)
    return [
        {
            "version": version,
            "companies": companies,
            "in_total": added.counts(version),
            "formula": known.formula if known and known.version == version else "",
        }
        for version, companies in sorted(found.items())
        for known in [edition(identity, version)]
    ]


def provinces_shown(table: ComparableTable, added: Added) -> Iterator[dict[str, Any]]:
    """A line a province and version, one a province of which nothing is shown, then the region."""
    if added.total is None:
        return
    provinces = {row.province for row in table.rows}
    for province in sorted(provinces, key=lambda p: (p is None, p or "")):
        of = sum(1 for row in table.rows if row.province == province)
        said = {"name": province or UNTOLD.capitalize(), "of": of}
        parts: list[Part | None] = [part for part in added.parts if part.province == province]
        for part in parts or [None]:
            yield said | _sum(added, part)
    yield {"name": "Région", "of": len(table.rows)} | _sum(added, added.total)


def _sum(added: Added, total: Total | None) -> dict[str, Any]:
    if total is None:
        return {"figure": None, "companies": 0, "definition": ""}
    return {
        "figure": _worded(added.indicator.id, total),
        "companies": total.companies,
        "definition": _definition(added, total.definition_version),
    }


def total_shown(table: ComparableTable, added: Added) -> dict[str, Any]:
    """An indicator with what is shown of it, added up; `apart`: companies that are in no total."""
    identity, total = added.indicator.id, added.total
    shown = sum(1 for row in table.rows if identity in row.shown)
    return {
        "indicator": identity,
        "title": added.indicator.title["fr"],
        "total": _worded(identity, total) if total else None,
        "companies": total.companies if total else 0,
        "shown": shown,
        "apart": shown - total.companies if total else 0,
    }


def _worded(identity: str, total: Total) -> dict[str, Any]:
    return worded(with_words({"indicator": identity, **vars(total)}))


def _definition(added: Added, version: int) -> str:
    apart = added.total is not None and not added.counts(version)
    return f"{version}, hors du total" if apart else str(version)
