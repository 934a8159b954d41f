"""What the pages of objectives contracts show: targets, figures and years in words."""

from fractions import Fraction
from typing import Any

from contracts.objectives import ObjectiveTheme
from services.chassis.amounts import format_day
from services.chassis.clock import day_of
from services.reporting.indicators.definition import Indicator
from services.reporting.objectives.bounds import shown_bound, shown_target
from services.reporting.objectives.contracts_by_year import Row
from services.reporting.objectives.followed import FollowedYear, NotCompared, value_of
from services.reporting.objectives.standing import ContractStanding, FollowedObjective
from services.reporting.objectives.trend import Trend, TrendPoint, draw
from services.reporting.pages import worded
from services.reporting.return_shown import OF_A_FIGURE, RESERVE
from services.reporting.return_told import with_words
from services.reporting.series_shown import unit_of_axis
from services.reporting.yearly_return import ReturnState

THEMES = {
    ObjectiveTheme.ADMINISTRATION: "Gestion administrative",
    ObjectiveTheme.FINANCES: "Finances",
    ObjectiveTheme.REAL_ESTATE: "Gestion immobilière",
    ObjectiveTheme.RENTAL: "Gestion locative",
    ObjectiveTheme.SOCIAL_ACTION: "Action sociale",
    ObjectiveTheme.STAFF: "Ressources humaines",
    ObjectiveTheme.GOVERNANCE: "Gouvernance",
    ObjectiveTheme.INFORMATION: "Communication et information",
}
REACHED = {True: ("atteint", "govuk-tag--green"), False: ("pas atteint", "govuk-tag--orange")}
SO_FAR = {
    True: ("atteint à ce jour", "govuk-tag--green"),
    False: ("pas encore", "govuk-tag--yellow"),
}
WHY_NOT = {
    NotCompared.NO_TARGET: "pas de cible",
    NotCompared.NO_FIGURE: "pas de chiffre",
    NotCompared.NOT_COMPUTABLE: "pas calculable, donc pas comparé",
    NotCompared.OTHER_DEFINITION: "pas comparé\u00a0: la cible est d'une autre version de la "
    "définition",
}


def objectives(standing: ContractStanding, year: int) -> list[Row]:
    """Every objective in words, with the year that is looked at and its drawing."""
    return [objective(followed, year) for followed in standing.objectives]


def objective(followed: FollowedObjective, year: int) -> Row:
    indicator = followed.indicator
    latest = max((one.year for one in followed.years if one.found), default=0)
    rows = [_year(one, indicator, latest) for one in followed.years]
    baseline = followed.row["baseline"]
    return {
        "indicator": indicator.id,
        "title": indicator.title["fr"],
        "theme": THEMES[ObjectiveTheme(followed.row["theme"])],
        "baseline": shown_bound(baseline, indicator) if baseline else "",
        "years": rows,
        "now": next(row for row in rows if row["year"] == year),
        "trend": trend(followed),
        "drawn": "\u00a0; ".join(f"{row['year']}\u00a0: {row['told']}" for row in rows) + ".",
        "comment": followed.row["settings"][0]["words"] or "",
        "evaluations": _latest(followed.row["evaluations"]),
    }


def _year(one: FollowedYear, indicator: Indicator, latest: int) -> Row:
    """`latest`: the last year that has a figure; one before it without any will have none."""
    target = shown_target(one.target, indicator) if one.target else "aucune"
    shown: dict[str, Any] = {"shown": "", "tag": None, "standing": "", "sides": ""}
    if one.found is not None:
        figure = worded(with_words(one.found.figure))
        known = format_day(one.found.known_on)
        so_far = "" if one.found.is_over else ", année en cours"
        is_signed = one.found.state is not ReturnState.PROVISIONAL
        reserve = "" if one.found.is_complete else RESERVE[is_signed]
        shown = {
            "shown": figure["shown"],
            "tag": OF_A_FIGURE[one.found.state],
            "standing": (f"signé le {known}" if is_signed else f"connu le {known}{so_far}")
            + (f", {reserve}" if reserve else "")
            + f", définition {figure['definition_version']}",
            "sides": figure["sides"],
            "reserve": reserve,
            "explained": one.found.explained_at(one.year, indicator.id),
        }
    words = REACHED if one.found is None or one.found.is_over else SO_FAR
    why_not = "" if one.reached is not None else WHY_NOT[one.why_not or NotCompared.NO_TARGET]
    return {
        "year": one.year,
        "none": "aucun" if one.year < latest else "pas encore",
        "target": target,
        "reached": words[one.reached] if one.reached is not None else None,
        "why_not": why_not,
        "told": f"{shown['shown'] or 'pas de chiffre'}, cible {target}",
        **shown,
    }


def trend(followed: FollowedObjective) -> Trend:
    """The drawing of its years."""

    def bound(one: FollowedYear, side: str) -> Fraction | None:
        return _fraction((one.target or {}).get(side))

    return draw(
        [
            TrendPoint(
                one.year,
                value_of(one.found.figure, followed.indicator)
                if one.found is not None and one.found.figure.get("value") is not None
                else None,
                one.found is not None and one.found.state is not ReturnState.PROVISIONAL,
                bound(one, "at_least"),
                bound(one, "at_most"),
                one.found.figure["definition_version"] if one.found is not None else None,
            )
            for one in followed.years
        ],
        unit_of_axis(followed.indicator),
    )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _latest(evaluations: list[Row]) -> list[Row]:
    """The last comment of each year, in the order of the years."""
    last = {row["year"]: row for row in evaluations}
    return [
        {"year": year, "words": words_of(last[year]), "row": last[year]} for year in sorted(last)
    ]


def words_of(row: Row) -> str:
    """What was written, or that it is not kept any more."""
    return str(row["words"] or "texte qui n'est plus conservé")


def life(followed: FollowedObjective) -> list[Row]:
    """What was agreed, amended and evaluated, in sentences, oldest first."""
    told = []
    for number, setting in enumerate(followed.row["settings"]):
        targets = ", ".join(
            f"{target['year']}\u00a0: {shown_target(target, followed.indicator)}"
            for target in setting["targets"]
        )
        definition = f"définition {setting['definition_version']}"
        if number == 0:
            said = f"Objectif convenu ({definition}). Cibles\u00a0: {targets}."
            if setting["digest"]:
                said += f" Commentaire\u00a0: «\u00a0{words_of(setting)}\u00a0»"
        else:
            since = setting["targets"][0]["year"]
            said = (
                f"Cibles modifiées à partir de {since} ({definition})\u00a0: {targets}. "
                f"Raison\u00a0: «\u00a0{words_of(setting)}\u00a0»"
            )
        told.append(setting | {"sentence": said})
    for evaluation in followed.row["evaluations"]:
        said = f"Évaluation de {evaluation['year']}\u00a0: «\u00a0{words_of(evaluation)}\u00a0»"
        told.append(evaluation | {"sentence": said})
    entries = sorted(told, key=lambda row: row["version"])
    return [row | {"day": day_of(row["recorded_at"])} for row in entries]


def themes_without(standing: ContractStanding) -> list[str]:
    """Themes that no objective stands for: all are to be addressed (circular 2010/26, S11)."""
    addressed = {followed.row["theme"] for followed in standing.objectives}
    return [shown for theme, shown in THEMES.items() if theme.value not in addressed]
