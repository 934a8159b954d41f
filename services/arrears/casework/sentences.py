"""A case's history and its choices in French words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.arrears_cases import (
    BreachState,
    CancelReason,
    Circumstance,
    InstalmentFrequency,
    OverrideReason,
    PauseReason,
    PlanMethod,
    PlanWith,
)
from contracts.contacts import ContactChannel
from services.arrears.casework.desk import STOPS
from services.arrears.legal import sentences as legal_path
from services.chassis.amounts import format_cents, format_day

Said = Mapping[str, Any]

OVERRIDES = {
    OverrideReason.AGREED_OTHERWISE: "Autre accord avec le ménage",
    OverrideReason.PAYMENT_EXPECTED: "Un paiement est attendu",
    OverrideReason.DATA_IS_WRONG: "Les données sont inexactes",
    OverrideReason.HOUSEHOLD_IS_VULNERABLE: "Ménage fragile",
    OverrideReason.PARTNER_IS_ACTING: "Un partenaire agit",
}
PAUSES = {
    PauseReason.ILLNESS: "Maladie ou hospitalisation",
    PauseReason.BEREAVEMENT: "Deuil",
    PauseReason.BENEFIT_AWAITED: "Aide ou allocation attendue",
    PauseReason.DOCUMENTS_AWAITED: "Documents attendus",
    PauseReason.PARTNER_IS_ACTING: "Un partenaire agit",
}
CIRCUMSTANCES = {
    Circumstance.HARDSHIP: "Grande difficulté",
    Circumstance.HARDSHIP_ENDED: "Fin de la grande difficulté",
    Circumstance.DISPUTE: "Dette contestée",
    Circumstance.DISPUTE_SETTLED: "Contestation réglée",
}
CANCELS = {
    CancelReason.HOUSEHOLD_ASKED: "Le ménage l'a demandé",
    CancelReason.AGREED_BY_MISTAKE: "Conclu par erreur",
    CancelReason.LEASE_ENDED: "Le bail est terminé",
}
REPLACED = "un autre plan le remplace"
FREQUENCIES = {
    InstalmentFrequency.MONTHLY: "Par mois",
    InstalmentFrequency.WEEKLY: "Par semaine",
    InstalmentFrequency.FORTNIGHTLY: "Par deux semaines",
    InstalmentFrequency.FOUR_WEEKLY: "Par quatre semaines",
    InstalmentFrequency.ONE_OFF: "En une fois",
}
METHODS = {
    PlanMethod.BALANCE_REDUCTION: "À ce qui reste dû : le solde doit baisser de versement en "
    "versement",
    PlanMethod.INSTALMENTS_ONLY: "Aux versements seuls : ce qui est payé une fois le loyer courant "
    "couvert",
}
PARTIES = {
    PlanWith.TENANT: "Le locataire",
    PlanWith.CPAS: "Le CPAS",
    PlanWith.JUDGE: "Le juge de paix",
}
CHANNELS = {
    ContactChannel.PHONE: "Par téléphone",
    ContactChannel.HOME: "À domicile",
    ContactChannel.OFFICE: "Au bureau",
}
PLAN_STATES = {
    "live": "respecté",
    "on-time": "respecté",
    "breached": "en retard",
    "late": "en retard",
    "late-by-more": "en retard de plus d'un versement",
    "completed": "achevé",
    "broken": "rompu",
    "cancelled": "annulé",
}


def sentence(what: str, said: Said, titles: Mapping[str, str]) -> str:
    """What happened, by the name of its event; `titles`: of the policy's steps."""
    return PLAIN.get(what) or SENTENCES[what](said, titles)


def _day(said: Said, name: str) -> str:
    return format_day(date.fromisoformat(said[name]))


def _step(said: Said, titles: Mapping[str, str]) -> str:
    return titles.get(said["step"], said["step"])


def _proposed(said: Said, titles: Mapping[str, str]) -> str:
    if said["step"] is None:
        return "Plus rien n'est proposé." + _why(said)
    return f"Proposé : {_step(said, titles)}.{_why(said)}"


def _why(said: Said) -> str:
    return f" {said['sentence']}" if said.get("sentence") else ""


def _taken(said: Said, titles: Mapping[str, str]) -> str:
    fee = f", frais de {format_cents(said['fee_cents'])}" if said["fee_cents"] else ""
    return f"{_step(said, titles)}, {format_cents(said['balance_cents'])} étant dus{fee}."


def _stopped(said: Said, titles: Mapping[str, str]) -> str:
    return f"{_step(said, titles)} arrêté : {', '.join(STOPS[r] for r in said['reasons'])}."


def _contact(said: Said, _: object) -> str:
    reached = "joint" if said["reached"] else "pas joint"
    return f"{CHANNELS[ContactChannel(said['channel'])]} : {reached}."


def _promise(said: Said, _: object) -> str:
    return f"Promet {format_cents(said['promised_cents'])} pour le {_day(said, 'pay_by')}."


def _agreed(said: Said, _: object) -> str:
    parts = [f"Plan d'apurement conclu pour {format_cents(said['starting_cents'])}"]
    if said["lump_sum_cents"]:
        parts.append(f"{format_cents(said['lump_sum_cents'])} le {_day(said, 'lump_sum_on')}")
    if said["instalment_cents"] and said["frequency"]:
        rhythm = FREQUENCIES[InstalmentFrequency(said["frequency"])].lower()
        first = _day(said, "first_due_on")
        parts.append(f"{format_cents(said['instalment_cents'])} {rhythm} à partir du {first}")
    if said.get("count"):
        parts.append(f"{said['count']} versements")
    if said.get("suspended_years"):
        parts.append(f"suspendu {said['suspended_years']} ans à des conditions")
    for field, words in (("ends_on", "finit"), ("strike_out_on", "radié")):
        if said.get(field):
            parts.append(f"{words} le {_day(said, field)}")
    return ", ".join(parts) + "."


def _behind(said: Said, _: object) -> str:
    expected = format_cents(said["expected_cents"])
    short = f"Plan en retard de {format_cents(said['shortfall_cents'])}"
    if said["state"] == BreachState.BREACHED:
        return f"{short} : {expected} au plus devaient rester dus."
    more = ", plus d'un versement" if said["state"] == BreachState.LATE_BY_MORE else ""
    return f"{short}{more} : {expected} devaient être versés."


def _cancelled(said: Said, _: object) -> str:
    reason = CancelReason(said["reason"])
    return f"Plan annulé : {CANCELS.get(reason, REPLACED).lower()}."


PLAIN = {
    "CaseResumed": "Fin de la suspension.",
    "PlanHealed": "Plan de nouveau respecté.",
    "PlanCompleted": "Plan achevé.",
    "DataTransferAccepted": "Le ménage accepte que le service social soit prévenu.",
    "DataTransferObjected": "Le ménage s'oppose à ce que le service social soit prévenu.",
} | legal_path.PLAIN
SENTENCES: dict[str, Callable[[Said, Mapping[str, str]], str]] = {
    "StepProposed": _proposed,
    "StepTaken": _taken,
    "StepWithdrawn": lambda said, titles: f"Retiré, noté par erreur : {_step(said, titles)}.",
    "StepStopped": _stopped,
    "ProposalOverridden": lambda said, titles: (
        f"{_step(said, titles)} écarté : {OVERRIDES[OverrideReason(said['reason'])].lower()}."
    ),
    "CasePaused": lambda said, _: (
        f"Dossier suspendu jusqu'au {_day(said, 'review_on')} : "
        f"{PAUSES[PauseReason(said['reason'])].lower()}."
    ),
    "CircumstanceRecorded": lambda said, _: f"{CIRCUMSTANCES[Circumstance(said['circumstance'])]}.",
    "PlanAgreed": _agreed,
    "PlanBreached": _behind,
    "InstalmentMissed": lambda said, _: (
        f"Versement du {_day(said, 'due_on')} manqué ({format_cents(said['instalment_cents'])})."
    ),
    "PlanBroken": lambda said, _: (
        f"Plan rompu : {said['missed_in_a_row']} versements manqués de suite."
    ),
    "PlanCancelled": _cancelled,
    "ContactNoted": _contact,
    "ContactWithdrawn": lambda said, _: f"Retiré, noté par erreur : {_contact(said, _).lower()}",
    "PromiseNoted": _promise,
    "PromiseWithdrawn": lambda said, _: (
        f"Retirée, notée par erreur : promesse de {format_cents(said['promised_cents'])}."
    ),
    "SocialServiceInformed": lambda said, _: (
        f"Service social prévenu : {len(said['proofs'])} conditions tenues, politique "
        f"{said['policy']} {said['policy_version']}."
    ),
} | legal_path.SENTENCES
