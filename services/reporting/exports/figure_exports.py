"""Downloads of a year's figures, and of one figure's parts with the facts behind each."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import Response

from services.chassis.asked import Asked
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.reporting import figures
from services.reporting.answers import Told
from services.reporting.api import READERS, AsOf, Definitions, IndicatorId, KnownOn, Year
from services.reporting.exports.export_api import FILE, Format, as_file
from services.reporting.exports.facts_told import COLUMNS, FACT, OF_A_FACT, fact_row
from services.reporting.exports.sheet import Column, Kind, Row, Sheet, asked_by, used_by
from services.reporting.exports.sheet import definitions as told_definitions
from services.reporting.exports.sheets import COMPLETE, FIGURE, NAMED, figure_cells
from services.reporting.indicators.definition import STATUSES, Amounts, Indicator
from services.reporting.indicators.register import UnknownIndicator
from services.reporting.indicators.register import indicator as definition_of
from services.reporting.parts import Side, laid_down_sides
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
    refusals=[Malformed, UnknownIndicator],
    streams=FILE,
)
def export_figures(
    asked: Asked,
    year: Year,
    file: Format,
    known_on: KnownOn = None,
    as_of: AsOf = None,
    definitions: Definitions = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """All figures of a year, up to its end or a day of it, as they are or as they were known."""
    report = asked.service.report(year, known_on or None, as_of or None, definitions)
    rows: list[Row] = [
        {
            "title": figure["title"],
            **figure_cells(figure["indicator"], figure),
            "source_status": figure["source_status"],
            "band": figure["band"],
            "definition_gap": figure["definition_gap"],
            "complete": figure["complete"],
        }
        for figure in report["figures"]
    ]
    columns = [
        *NAMED,
        *FIGURE,
        Column("source_status", "Statut de la source", words=STATUSES),
        Column("band", "Appréciation"),
        Column("definition_gap", "Sans appréciation parce que"),
        COMPLETE,
    ]
    sheet = Sheet(
        f"chiffres-{asked.company.slug}-{year}",
        f"Chiffres de {year}",
        [*_standing(report), *asked_by(definitions)],
        columns,
        rows,
        told_definitions(used_by(report["figures"])),
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
    reporting: Reporting = asked.service
    known = figures.known_on(known_on or None, reporting.now())
    period = figures.period_of(year, known, as_of or None)
    chosen = definition_of(indicator, period.last)
    of_cents = ", en centimes" if chosen.amounts is Amounts.CENTS else ""
    with reporting.store.read() as cursor:
        told = reporting.told(cursor, period, known, [chosen])
        sides = laid_down_sides(cursor, chosen, period, known)
        lines = sum(side.count_facts() for side in sides)
        if file == "xlsx" and lines > LINES_MAX:
            raise Malformed(
                f"{lines} lignes\u00a0: une feuille de calcul en a {LINES_MAX}. Demandez le CSV ou "
                "le Parquet.",
                [{"field": "format", "reason": "Demandez le CSV ou le Parquet."}],
            )
        sheet = Sheet(
            f"faits-{chosen.name}-{asked.company.slug}-{year}",
            f"{chosen.id}, {year}\u00a0: les faits derrière le chiffre",
            [("Chiffre", chosen.id), ("Définition", str(chosen.version)), *_standing(told)],
            [
                Column("side", "Côté", words=SIDES),
                Column("part", "Pseudonyme de la part"),
                Column("amount", f"Montant de la part{of_cents}", Kind.INTEGER),
                FACT,
                *OF_A_FACT,
            ],
            fact_rows(asked.company.slug, chosen, sides),
            told_definitions([(chosen.id, chosen.version)]),
            page="Faits",
        )
        return as_file(sheet, file)


def fact_rows(company: str, chosen: Indicator, sides: tuple[Side, Side]) -> Iterator[Row]:
    """A row a part and fact, side after side; a fact behind two parts is there twice."""
    names = ("numerator", "left_out") if chosen.median else ("numerator", "denominator")
    for name, side in zip(names, sides, strict=True):
        in_order = chosen.median is not None and name == "numerator"
        for subject, amount, *fact in side.facts(COLUMNS, in_order=in_order):
            yield {"side": name, "part": subject, "amount": amount} | fact_row(company, *fact)


def _standing(told: Told) -> list[tuple[str, str]]:
    return [
        ("Société", told["company"]),
        ("Du", told["period"]["from"]),
        ("Au", told["period"]["to"]),
        ("Connu le", told["known_on"]),
        ("Complet", "oui" if told["complete"] else " ".join(told["missing"])),
        *((f"Dernier fait, {name}", str(position)) for name, position in positions(told["cutoff"])),
    ]
