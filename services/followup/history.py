"""What happened to a household, in sentences: the one place where its events are told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from contracts.support_periods import SupportAxis, SupportOutcome
from services.chassis.amounts import format_day

KINDS = {
    VisitKind.M1: "visite du premier mois",
    VisitKind.M6: "visite du sixième mois",
    VisitKind.M12: "visite du douzième mois",
    VisitKind.ARREARS: "visite pour impayé",
    VisitKind.COURTESY: "visite de courtoisie",
    VisitKind.CRISIS: "visite urgente",
}
PLACES = {
    VisitPlace.HOME: "à domicile",
    VisitPlace.OFFICE: "au bureau",
    VisitPlace.PHONE: "par téléphone",
}
RESULTS = {
    VisitResult.ALL_WELL: "tout va bien",
    VisitResult.ADVICE_GIVEN: "conseils donnés",
    VisitResult.FOLLOW_UP_NEEDED: "un suivi est nécessaire",
    VisitResult.REFERRED: "orienté vers un partenaire",
}
ABSENCES = {
    AbsenceReason.NOBODY_HOME: "personne n'était là",
    AbsenceReason.CANCELLED_BY_HOUSEHOLD: "le ménage l'a annulée",
    AbsenceReason.REFUSED: "le ménage l'a refusée",
}
AXES = {
    SupportAxis.HOUSING_EDUCATION: "pédagogie de l'habiter",
    SupportAxis.ARREARS_PREVENTION: "lutte contre l'impayé",
    SupportAxis.REHOUSING_SUPPORT: "aide au relogement",
}
OUTCOMES = {
    SupportOutcome.AUTONOMOUS: "le ménage est autonome",
    SupportOutcome.CONTINUES: "l'accompagnement continue autrement",
    SupportOutcome.REFERRED: "orienté vers un partenaire",
    SupportOutcome.DROPPED: "interrompu",
    SupportOutcome.LEFT_DWELLING: "le ménage a quitté le logement",
    SupportOutcome.DECEASED: "décès",
}
WHY_WITHDRAWN = {
    "lease-ended": "le bail est terminé",
    "lease-withdrawn": "le bail a été annulé",
    "cause-withdrawn": "l'impayé a été corrigé",
    "arrears-cleared": "la dette est payée",
    "planned-by-mistake": "elle était prévue par erreur",
}
END_REASONS = {
    "notice": "congé du locataire",
    "death": "décès",
    "transfer": "mutation",
    "eviction": "expulsion",
    "abandoned": "logement abandonné",
    "termination": "résiliation",
}
WORDS: dict[str, Mapping[Any, str]] = {
    "kind": KINDS,
    "place": PLACES,
    "result": RESULTS,
    "axis": AXES,
    "outcome": OUTCOMES,
    "why": WHY_WITHDRAWN,
    "reason": END_REASONS,
}
BOOLEANS = {
    "intensive": " intensif de six mois",
    "again": ", corrigé,",
    "agreement_withdrawn": ", le ménage a retiré son accord",
}
"""What is said where it is so; otherwise nothing is."""
SENTENCES = {
    "lease-known": "Le bail {reference}{again} commence le {start_on}, logement"
    " {dwelling_reference}.",
    "lease-forgotten": "Le bail {reference} a été annulé : il n'a jamais existé.",
    "lease-end-known": "Le bail {reference} se termine le {ended_on} ({reason}).",
    "lease-end-forgotten": "La fin du bail {reference} a été annulée : il continue.",
    "welcome-known": "Accueil tenu le {held_on}.",
    "arrears-cleared-known": "Plus rien n'est dû.",
    "visit-planned": "{kind} prévue le {planned_on}.",
    "visit-plan-corrected": "{kind} déplacée au {planned_on} : le bail a été corrigé.",
    "visit-plan-withdrawn": "{kind} retirée : le bail a été annulé.",
    "visit-proposed": "{kind} proposée : un loyer n'a pas été payé à temps.",
    "visit-cause-added": "Une autre raison rejoint la visite déjà proposée.",
    "plan-breach-known": "Le plan d'apurement n'est plus respecté.",
    "plan-breach-ended": "Le plan d'apurement est de nouveau respecté, ou terminé.",
    "visit-cause-dropped": "Une des raisons n'est plus.",
    "visit-recorded": "{kind} faite le {done_on}, {place} : {result}.",
    "visit-record-corrected": "{kind} corrigée : faite le {done_on}, {place} : {result}.",
    "visit-record-withdrawn": "{kind} du {done_on} annulée : elle n'a pas été faite.",
    "visit-missed": "{kind} manquée le {missed_on} : {reason}.",
    "visit-withdrawn": "{kind} retirée : {why}.",
    "visit-restored": "{kind} rétablie.",
    "support-period-opened": "Accompagnement{intensive} ouvert ({axis}), avec l'accord du ménage"
    " du {agreed_on}.",
    "support-opening-corrected": "Ouverture corrigée : accompagnement{intensive} ouvert le"
    " {opened_on} ({axis}), avec l'accord du ménage du {agreed_on}.",
    "support-opening-withdrawn": "Accompagnement ({axis}) annulé : il n'a pas eu lieu.",
    "support-period-closed": "Accompagnement ({axis}) clos : {outcome}{agreement_withdrawn}.",
    "support-closure-corrected": "Clôture corrigée : accompagnement ({axis}) clos le {closed_on},"
    " {outcome}{agreement_withdrawn}.",
    "support-closure-withdrawn": "Clôture du {closed_on} annulée ({axis}).",
}
"""One sentence a kind of event; a test holds that every event has one."""
SUPERSEDED = " (corrigé ensuite)"


def sentence(kind: str, details: dict[str, Any]) -> str:
    """The sentence of one line of history, in French."""
    if kind == "welcome-known" and "held_on" not in details:
        return "L'accueil enregistré a été annulé."
    words = {name: _word(name, value, kind) for name, value in details.items()}
    text = SENTENCES[kind].format(**words)
    return text[0].upper() + text[1:]


def _word(name: str, value: Any, kind: str) -> str:
    if name.endswith("_on"):
        return format_day(date.fromisoformat(value))
    if name in BOOLEANS:
        return BOOLEANS[name] if value else ""
    if name == "reason" and kind == "visit-missed":
        return ABSENCES[AbsenceReason(value)]
    # A word is a member of its enumeration: the text that is stored finds it.
    return WORDS.get(name, {}).get(value, str(value))
