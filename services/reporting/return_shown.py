"""What the pages of yearly returns show: states and causes in words, facts with their pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.chassis.asked import SERVICE_NAMES, Asking
from services.chassis.clock import day_of
from services.chassis.templating import shown_moment
from services.reporting.completeness import touches
from services.reporting.pages import worded
from services.reporting.reconciliation import Checked
from services.reporting.return_told import with_words
from services.reporting.returns_by_year import Row
from services.reporting.shape import HEARD
from services.reporting.yearly_return import ReturnState

STATES = {
    ReturnState.PROVISIONAL: ("provisoire", "govuk-tag--yellow"),
    ReturnState.VALIDATED: ("validée", "govuk-tag--green"),
    ReturnState.RESTATED: ("rectifiée", "govuk-tag--blue"),
}
OF_A_FIGURE = {
    ReturnState.PROVISIONAL: ("provisoire", "govuk-tag--yellow"),
    ReturnState.VALIDATED: ("validé", "govuk-tag--green"),
    ReturnState.RESTATED: ("rectifié", "govuk-tag--blue"),
}
CAUSES = {
    "late": "noté après la signature",
    "correction": "correction",
    "definition": "une autre version de la définition",
    "band": "d'autres bandes d'appréciation",
    "recount": "les mêmes faits donnent aujourd'hui autre chose",
}
RESERVE = {True: "avec réserve", False: "incomplet"}
"""Of a figure that something was missing of when it was signed, or is."""
HOLDS = {
    True: ("juste", "govuk-tag--green"),
    False: ("en échec", "govuk-tag--red"),
    None: ("pas vérifiable", "govuk-tag--grey"),
}
FACTS_SHOWN = 20


@dataclass(frozen=True)
class Entry:
    """One line of a return's life."""

    day: date
    sentence: str
    recorded_at: datetime
    actor: str


def life(versions: list[Row]) -> list[Entry]:
    """Who signed which version when, in sentences."""
    return [
        Entry(
            day_of(version["recorded_at"]),
            _sentence(version),
            version["recorded_at"],
            version["actor"],
        )
        for version in versions
    ]


def _sentence(version: Row) -> str:
    number = version["return_version"]
    act = "Déclaration validée" if number == 1 else "Déclaration rectifiée"
    known = shown_moment(datetime.fromisoformat(version["known_on"]))
    return f"{act}, version {number}, chiffres connus le {known}.{reason(version)}"


def reason(version: Row) -> str:
    """What was written as it was signed, or nothing, after another sentence."""
    if not version["reason_digest"]:
        return ""
    words = version["reason"] or "texte qui n'est plus conservé"
    return f" Raison\u00a0: «\u00a0{words}\u00a0»"


def positions(cutoff: dict[str, int]) -> list[tuple[str, int]]:
    """The last fact of each service, under its French name."""
    return [(SERVICE_NAMES[name], cutoff[name]) for name in HEARD if name in cutoff]


def figures(version: Row, state: ReturnState) -> list[Row]:
    """Figures in words, each with its own status: only what a version changed is restated, from
    then on; only what is touched by a reservation has it.
    """
    changed = {change["indicator"] for change in version["changes"]}
    changed |= {*version.get("restated", ())}
    rows = []
    for figure in version["figures"]:
        own = state
        if state is ReturnState.RESTATED and figure["indicator"] not in changed:
            own = ReturnState.VALIDATED
        touched = any(touches(said, figure["indicator"]) for said in version.get("despite") or ())
        reserve = RESERVE[own is not ReturnState.PROVISIONAL] if touched else ""
        rows.append(worded(with_words(figure)) | {"tag": OF_A_FIGURE[own], "reserve": reserve})
    return rows


def checks(checked: list[Checked]) -> list[Row]:
    """Every check in words, with both sides and whether they are the same."""
    return [
        {
            "words": f"{one.check.id} {one.check.words}",
            "left": "" if one.left is None else one.shown(one.left),
            "left_words": one.check.left_words,
            "right": one.shown(one.right),
            "right_words": one.check.right_words,
            "tag": HOLDS[None if one.left is None else not one.fails],
        }
        for one in checked
    ]


def changes(asked: Asking, listed: list[Row]) -> list[Row]:
    """Each change in words; its facts with the pages that show them."""
    return [_change(asked, change) for change in listed]


def _change(asked: Asking, change: Row) -> Row:
    before, after = (
        worded(with_words(change[side])) if side in change else None for side in ("before", "after")
    )
    facts: list[Any] = [
        asked.fact_link(cause["fact"]) | {"why": CAUSES[cause["kind"]]}
        for cause in change["causes"]
        if "fact" in cause
    ]
    return {
        "indicator": change["indicator"],
        "title": (after or before or {})["title"],
        "before": before,
        "after": after,
        "causes": [CAUSES[cause["kind"]] for cause in change["causes"] if "fact" not in cause],
        "facts": facts[:FACTS_SHOWN],
        "more": max(0, len(facts) - FACTS_SHOWN) + change["more_facts"],
    }


def otherwise(signed_by: int, version: int) -> str:
    """That a signed figure is reckoned by another version than it was signed by, if it is."""
    if signed_by == version:
        return ""
    return (
        f"Ce chiffre a été signé par la définition {signed_by}, que le programme n'a plus\u00a0: "
        f"le voici par la définition {version}, et ce n'est pas celui qui est signé."
    )
