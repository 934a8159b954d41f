"""What the report of an objectives contract says: its objectives, their years, the definitions."""

from datetime import date

from services.chassis.amounts import format_day
from services.chassis.templating import counted
from services.reporting.exports.report_definitions import definitions_in_words
from services.reporting.exports.report_drawing import Drawing, image
from services.reporting.exports.sheet import ever_used
from services.reporting.objectives.contract_shown import life, objective, themes_without
from services.reporting.objectives.contracts_by_year import Row
from services.reporting.objectives.standing import ContractStanding, FollowedObjective


def contract_report(company: str, standing: ContractStanding, today: date, drawing: Drawing) -> Row:
    """The report in words, as its pages say it on a day; `drawing` makes an objective's SVG."""
    first, last = standing.years[0], standing.years[-1]
    day = format_day(today)
    looked_at = standing.looked_at(today)
    return {
        "title": f"Contrat d'objectifs {first}-{last}",
        "footer": f"{company}, contrat d'objectifs {first}-{last}, au {day}",
        "made": f"Établi le {day}. Un chiffre signé vient de la déclaration de son année\u00a0; un "
        "chiffre provisoire peut encore changer. Rien n'est prévu ni extrapolé.",
        "standing": _standing(company, standing),
        "year": str(looked_at),
        "objectives": [_objective(one, looked_at, drawing) for one in standing.objectives],
        "of_charts": "Sur les dessins\u00a0: rond plein, chiffre signé\u00a0; anneau, chiffre "
        "provisoire\u00a0; crochet, cible, dont les pieds montrent le bon côté.",
        "definitions": definitions_in_words(ever_used(f.indicator.id for f in standing.objectives)),
    }


def _standing(company: str, standing: ContractStanding) -> list[tuple[str, str]]:
    pairs = [
        ("Société", company),
        ("État des lieux", str(standing.row["baseline_year"])),
        ("Objectifs", counted(len(standing.objectives), "objectif", "objectifs")),
    ]
    missing = themes_without(standing)
    return [*pairs, ("Thèmes sans objectif chiffré", ", ".join(missing))] if missing else pairs


def _objective(followed: FollowedObjective, year: int, drawing: Drawing) -> Row:
    row = objective(followed, year)
    named = {name: row[name] for name in ("indicator", "title", "theme", "baseline", "comment")}
    return named | {
        "drawn": row["drawn"],
        "chart": image(drawing(row)),
        "now": _year(row["now"]),
        "years": [_year(one) for one in row["years"]],
        "life": [f"{format_day(one['day'])}\u00a0: {one['sentence']}" for one in life(followed)],
    }


def _year(one: Row) -> Row:
    state = one["tag"][0] if one["tag"] else ""
    return {
        "year": str(one["year"]),
        "target": one["target"],
        "shown": one["shown"] or one["none"],
        "sides": one["sides"],
        "standing": f"{state}, {one['standing']}" if state else "",
        "reached": one["reached"][0] if one["reached"] else one["why_not"],
    }
