"""The sheet of the region's table: companies, parts of provinces, totals, each at its level."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.reporting.exports.sheet import Cell, Column, Kind, Sheet, definitions, ever_used
from services.reporting.exports.sheets import FIGURE, NAMED, figure_cells
from services.reporting.indicators.register import edition
from services.reporting.region.comparable import CompanyRow, ComparableTable, Total
from services.reporting.region.provinces import Added, Checked, added_up, checked, told_checks
from services.reporting.region.region_pages import LEFT_OUT, STATES

LEVELS = {"company": "société", "province": "province", "region": "région"}
NOT_TOLD = "not-told"
COLUMNS = [
    Column("level", "Niveau", words=LEVELS),
    Column("province", "Province", words={NOT_TOLD: "non indiquée"}),
    Column("company", "Société"),
    Column("handed", "Déclaration", words={a: words for a, (words, _) in STATES.items()}),
    Column("late", "En retard", Kind.YES_NO),
    Column("reservations", "Réserves", Kind.INTEGER),
    *NAMED,
    *FIGURE,
    Column("shown", "Montré", Kind.YES_NO),
    Column("companies", "Sociétés", Kind.INTEGER),
    Column("in_total", "Dans le total de la région", Kind.YES_NO),
    Column("check", "Contrôle"),
]
EMPTY: dict[str, Cell] = dict.fromkeys(column.name for column in COLUMNS)


def region_sheet(table: ComparableTable) -> Sheet:
    """A row a company and figure, and one a company whose return is not there; then, a figure
    that has a total after the other, its provinces and the region.
    """
    added = added_up(table)
    checks = [*checked(added)]
    return Sheet(
        f"region-{table.year}",
        f"Déclarations de {table.year}, société par société",
        [
            ("Année", str(table.year)),
            ("Ont publié", f"{table.handed_in} sur {len(table.rows)}"),
            ("Échéance, à confirmer", table.due_on.isoformat()),
            ("Règle", LEFT_OUT),
            ("Contrôles", told_checks(checks) or "aucun total"),
            ("Hors du périmètre", ", ".join(table.outside) or "aucune société d'ici"),
        ],
        COLUMNS,
        [
            *(row for company in table.rows for row in _company_rows(company, added)),
            *(row for one in added for row in _rows_of_sums(one, checks)),
        ],
        definitions(ever_used(chosen.id for chosen in table.indicators)),
    )


def _company_rows(company: CompanyRow, added: list[Added]) -> Iterator[dict[str, Cell]]:
    of_company = EMPTY | {
        "level": "company",
        "province": company.province or NOT_TOLD,
        "company": company.name,
        "handed": company.handed.value,
        "late": company.is_late,
        "reservations": company.reservations,
    }
    if not company.published:
        yield of_company
        return
    for one in added:
        figure = company.shown.get(one.indicator.id)
        yield {
            **of_company,
            **_cells(one.indicator.id, figure or {}),
            "shown": figure is not None,
            "in_total": figure is not None and one.counts(figure["definition_version"]),
        }


def _rows_of_sums(added: Added, checks: list[Checked]) -> Iterator[dict[str, Cell]]:
    if added.total is None:
        return
    for part in added.parts:
        counts = added.counts(part.definition_version)
        yield _row_of(added, part) | {
            "level": "province",
            "province": part.province or NOT_TOLD,
            "in_total": counts,
        }
    failing = [one.sentence for one in checks if one.added is added and one.fails]
    told: dict[str, Any] = {"level": "region", "in_total": True}
    yield _row_of(added, added.total) | told | {"check": " ".join(failing) or "juste"}


def _row_of(added: Added, total: Total) -> dict[str, Cell]:
    return EMPTY | _cells(added.indicator.id, vars(total)) | {"companies": total.companies}


def _cells(identity: str, figure: Mapping[str, Any]) -> dict[str, Cell]:
    """With the title that the version has by which it was reckoned."""
    known = edition(identity, figure.get("definition_version", 0))
    return {"title": known.title["fr"] if known else identity, **figure_cells(identity, figure)}
