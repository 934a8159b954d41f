"""The sheets of a contract and of a signed return."""

from datetime import date
from typing import Any

from contracts.objectives import ObjectiveTheme
from services.chassis.clock import day_of
from services.reporting.exports.sheet import (
    Cell,
    Column,
    Kind,
    Sheet,
    decimal,
    definitions,
    ever_used,
    exactly,
    used_by,
)
from services.reporting.indicators.definition import COUNTED, UNITS, Amounts, Unit
from services.reporting.indicators.register import edition
from services.reporting.objectives.contract_shown import THEMES, WHY_NOT
from services.reporting.objectives.followed import FollowedYear
from services.reporting.objectives.standing import ContractStanding, FollowedObjective
from services.reporting.return_shown import OF_A_FIGURE, positions
from services.reporting.return_shown import figures as figures_shown
from services.reporting.returns_by_year import Row
from services.reporting.yearly_return import ReturnState

THINGS = {Amounts.CENTS: "centimes"} | {what: many for what, (_, many) in COUNTED.items()}
FIGURE = [
    Column("numerator", "Numérateur", Kind.INTEGER),
    Column("denominator", "Dénominateur", Kind.INTEGER),
    Column("denominator_over", "Dénominateur divisé par", Kind.INTEGER),
    Column("value", "Valeur", Kind.DECIMAL),
    Column("members", "Médiane de", Kind.INTEGER),
    Column("left_out", "À part", Kind.INTEGER),
    Column("unit", "Unité", words=UNITS),
    Column("amounts", "Ce qui est compté", words=THINGS),
    Column("definition_version", "Définition", Kind.INTEGER),
]
COMPLETE = Column("complete", "Complet", Kind.YES_NO)
"""Whether nothing was or is missing of what the figure is reckoned from."""
NAMED = [Column("indicator", "Chiffre"), Column("title", "Titre")]


def contract_sheet(company: str, standing: ContractStanding, today: date) -> Sheet:
    """A row an objective and year; the comments people wrote stand with the year they are of.

    A year that is not over (`is_over`) has reached its target, or has not, to this day alone.
    """
    first, last = standing.row["first_year"], standing.row["last_year"]
    return Sheet(
        f"contrat-{company}-{first}-{last}",
        f"Contrat d'objectifs {first}-{last}",
        [
            ("Société", company),
            ("Contrat", f"{first}-{last}"),
            ("État des lieux", str(standing.row["baseline_year"])),
            ("Fait le", today.isoformat()),
        ],
        [
            Column("theme", "Thème"),
            *NAMED,
            Column("baseline", "Valeur de l'état des lieux", Kind.DECIMAL),
            Column("year", "Année", Kind.YEAR),
            Column("at_least", "Au moins", Kind.DECIMAL),
            Column("at_most", "Au plus", Kind.DECIMAL),
            *FIGURE,
            Column("state", "Statut"),
            Column("known_on", "Connu ou signé le", Kind.DAY),
            Column("is_over", "Année terminée", Kind.YES_NO),
            COMPLETE,
            Column("reached", "Cible atteinte", Kind.YES_NO),
            Column("not_compared", "Pourquoi pas comparé"),
            Column("evaluation", "Évaluation"),
        ],
        [_year_row(followed, one) for followed in standing.objectives for one in followed.years],
        definitions(ever_used(followed.indicator.id for followed in standing.objectives)),
    )


def _year_row(followed: FollowedObjective, one: FollowedYear) -> dict[str, Cell]:
    target, found = one.target or {}, one.found
    written = [row["words"] for row in followed.row["evaluations"] if row["year"] == one.year]
    return {
        "theme": THEMES[ObjectiveTheme(followed.row["theme"])],
        "title": followed.indicator.title["fr"],
        "baseline": decimal(followed.row["baseline"]),
        "year": one.year,
        "at_least": decimal(target.get("at_least")),
        "at_most": decimal(target.get("at_most")),
        **figure_cells(followed.indicator.id, found.figure if found else {}),
        "state": OF_A_FIGURE[found.state][0] if found else None,
        "known_on": found.known_on if found else None,
        "is_over": found.is_over if found else None,
        "complete": found.is_complete if found else None,
        "reached": one.reached,
        "not_compared": WHY_NOT[one.why_not] if one.why_not else None,
        "evaluation": written[-1] if written else None,
    }


def return_sheet(version: Row) -> Sheet:
    """A row a figure of one signed version."""
    year, number = version["year"], version["return_version"]
    state = ReturnState.VALIDATED if number == 1 else ReturnState.RESTATED
    shown = figures_shown(version, state)
    return Sheet(
        f"declaration-{version['company']}-{year}-{number}",
        f"Déclaration de {year}, version {number}",
        [
            ("Société", version["company"]),
            ("Année", str(year)),
            ("Version", str(number)),
            ("Signée le", day_of(version["recorded_at"]).isoformat()),
            ("Connue le", version["known_on"]),
            *((f"Dernier fait, {name}", str(n)) for name, n in positions(version["cutoff"])),
            ("Empreinte", version["digest"]),
            ("Signée malgré", " ".join(version.get("despite") or [])),
            ("Raison", version["reason"] or ""),
        ],
        [*NAMED, *FIGURE, Column("state", "Statut"), COMPLETE, Column("band", "Appréciation")],
        [
            {
                "title": words["title"],
                **figure_cells(figure["indicator"], figure),
                "state": words["tag"][0],
                "complete": not words["reserve"],
                "band": figure.get("band"),
            }
            for figure, words in zip(version["figures"], shown, strict=True)
        ],
        definitions(used_by(version["figures"])),
    )


def figure_cells(identity: str, figure: Any) -> dict[str, Cell]:
    known = edition(identity, figure.get("definition_version", 0))
    denominator, over = exactly(figure.get("denominator"))
    return {
        "indicator": identity,
        "numerator": figure.get("numerator"),
        "denominator": denominator,
        "denominator_over": over,
        "value": decimal(figure.get("value")),
        "members": figure.get("members"),
        "left_out": figure.get("left_out"),
        "unit": known.unit.value if known else Unit.PERCENT.value,
        "amounts": figure.get("amounts"),
        "definition_version": figure.get("definition_version"),
    }
