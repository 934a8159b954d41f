"""Downloads of a year's figures, and of one figure's parts with the facts behind each."""

from typing import TYPE_CHECKING

from fastapi import Response

from services.chassis.asked import Asked
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.reporting.answers import Explanation, Told
from services.reporting.api import READERS, AsOf, IndicatorId, KnownOn, Year
from services.reporting.exports.export_api import FILE, Format, as_file
from services.reporting.exports.facts_told import FACT, OF_A_FACT, facts_of
from services.reporting.exports.sheet import Cell, Column, Kind, Sheet, definitions, used_by
from services.reporting.exports.sheets import FIGURE, NAMED, figure_cells
from services.reporting.indicators.definition import STATUSES, Amounts
from services.reporting.indicators.register import UnknownIndicator
from services.reporting.return_shown import positions

if TYPE_CHECKING:
    from services.reporting.service import Reporting

LINES_MAX = 1_048_575
"""Of a page of a spreadsheet, its heading left out."""
SIDES = {
    "numerator": "Numérateur",
    "denominator": "Dénominateur",
    "left_out": "À part",
}
ROUTES = Routes()


@ROUTES.api(
    "GET",
    "/api/{company}/figures/{year}/export/{format}",
    roles=READERS,
    refusals=[Malformed],
    streams=FILE,
)
def export_figures(
    asked: Asked, year: Year, file: Format, known_on: KnownOn = None, as_of: AsOf = None
) -> Response:
    """All figures of a year, up to its end or a day of it, as they are or as they were known."""
    report = asked.service.report(year, known_on or None, as_of or None)
    rows: list[dict[str, Cell]] = [
        {
            "title": figure["title"],
            **figure_cells(figure["indicator"], figure),
            "source_status": figure["source_status"],
            "band": figure["band"],
            "definition_gap": figure["definition_gap"],
        }
        for figure in report["figures"]
    ]
    columns = [
        *NAMED,
        *FIGURE,
        Column("source_status", "Statut de la source", words=STATUSES),
        Column("band", "Appréciation"),
        Column("definition_gap", "Sans appréciation parce que"),
    ]
    sheet = Sheet(
        f"chiffres-{asked.company.slug}-{year}",
        f"Chiffres de {year}",
        _standing(report),
        columns,
        rows,
        definitions(used_by(report["figures"])),
    )
    return as_file(sheet, file)


@ROUTES.api(
    "GET",
    "/api/{company}/figures/{year}/{indicator}/facts/export/{format}",
    roles=READERS,
    refusals=[Malformed, UnknownIndicator],
    streams=FILE,
)
def export_facts(
    asked: Asked,
    year: Year,
    indicator: IndicatorId,
    file: Format,
    known_on: KnownOn = None,
    as_of: AsOf = None,
) -> Response:
    """Every part of a figure and every fact behind it, a row each. Pseudonyms alone."""
    told = asked.service.explain(indicator, year, known_on or None, as_of or None)
    rows = fact_rows(asked.service, told)
    if file == "xlsx" and len(rows) > LINES_MAX:
        raise Malformed(
            f"{len(rows)} lignes\u00a0: une feuille de calcul en a {LINES_MAX}. Demandez le CSV ou "
            "le Parquet.",
            [{"field": "format", "reason": "Demandez le CSV ou le Parquet."}],
        )
    identity = told["figure"]["indicator"]
    of_cents = ", en centimes" if told["figure"]["amounts"] == Amounts.CENTS else ""
    sheet = Sheet(
        f"faits-{identity}-{asked.company.slug}-{year}",
        f"{identity}, {year}\u00a0: les faits derrière le chiffre",
        [("Chiffre", identity), *_standing(told)],
        [
            Column("side", "Côté", words=SIDES),
            Column("part", "Pseudonyme de la part"),
            Column("amount", f"Montant de la part{of_cents}", Kind.INTEGER),
            FACT,
            *OF_A_FACT,
        ],
        rows,
        definitions(used_by([told["figure"]])),
        page="Faits",
    )
    return as_file(sheet, file)


def fact_rows(reporting: "Reporting", told: Explanation) -> list[dict[str, Cell]]:
    """A row a part and fact, side after side; a fact behind two parts is there twice."""
    sides = {
        "numerator": told["numerator_parts"],
        "denominator": told["denominator_parts"],
        "left_out": told["left_out_parts"],
    }
    cited = {fact for parts in sides.values() for part in parts for fact in part["facts"]}
    facts = {fact["fact"]: fact for fact in facts_of(reporting, cited)}
    return [
        {"side": side, "part": part["subject"], "amount": part["amount"], **facts[identity]}
        for side, parts in sides.items()
        for part in parts
        for identity in part["facts"]
    ]


def _standing(told: Told) -> list[tuple[str, str]]:
    return [
        ("Société", told["company"]),
        ("Du", told["period"]["from"]),
        ("Au", told["period"]["to"]),
        ("Connu le", told["known_on"]),
        ("Complet", "oui" if told["complete"] else " ".join(told["missing"])),
        *((f"Dernier fait, {name}", str(position)) for name, position in positions(told["cutoff"])),
    ]
