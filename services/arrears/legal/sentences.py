"""What happened on the legal path, in French words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.legal_path import BlockReason, CostKind, StrikeReason, SuspensionReason
from services.arrears.legal.forms import COSTS, SUSPENSIONS
from services.arrears.legal.going_to_court import BLOCKS
from services.chassis.amounts import format_cents, format_day

Said = Mapping[str, Any]
OUTCOMES = {
    "eviction-authorised": "l'expulsion est autorisée",
    "terms-granted": "des termes sont accordés",
    "payment-ordered": "le locataire est condamné à payer",
}


STRIKES = {
    StrikeReason.WRONG_DAY: "Le jour est faux",
    StrikeReason.WRONG_DETAILS: "Un autre détail est faux",
    StrikeReason.WRONG_HOUSEHOLD: "C'est un autre ménage",
    StrikeReason.NOTED_TWICE: "C'est noté deux fois",
    StrikeReason.DID_NOT_HAPPEN: "Cela n'a pas eu lieu",
}


def _day(said: Said, name: str) -> str:
    return format_day(date.fromisoformat(said[name]))


def _judgment(said: Said, _: object) -> str:
    parts = [f"Jugement : {format_cents(said['claim_cents'])} à payer"]
    if said["terms_granted"]:
        parts.append("termes accordés")
    if said["eviction_authorised"]:
        parts.append("expulsion autorisée")
    if said["no_eviction_before"]:
        parts.append(f"pas avant le {_day(said, 'no_eviction_before')}")
    return ", ".join(parts) + "."


def _blocked(said: Said, _: object) -> str:
    why = " ; ".join(BLOCKS[BlockReason(reason)] for reason in said["reasons"])
    return f"Expulsion du {_day(said, 'evict_on')} refusée : {why}."


PLAIN = {
    "BudgetGuidanceAccepted": "Guidance budgétaire du CPAS acceptée.",
    "BudgetGuidanceRefused": "Guidance budgétaire du CPAS refusée.",
    "SafetyExceptionRecorded": "Danger pour la sécurité constaté.",
    "EvictionExecuted": "Expulsion exécutée.",
}
TOLD: dict[str, Callable[[Said, Mapping[str, str]], str]] = {
    "CourtPetitionFiled": lambda said, _: (
        f"Requête déposée au juge de paix pour {format_cents(said['claim_cents'])}."
    ),
    "HearingFixed": lambda said, _: f"Audience fixée le {_day(said, 'hearing_on')}.",
    "JudgmentGiven": _judgment,
    "JudgmentServed": lambda said, _: (
        f"Jugement signifié : pas d'expulsion avant le {_day(said, 'earliest_eviction_on')}."
    ),
    "EvictionScheduled": lambda said, _: (
        f"Expulsion fixée le {_day(said, 'evict_on')}, annoncée le {_day(said, 'warned_on')}."
    ),
    "EvictionBlocked": _blocked,
    "EvictionSuspended": lambda said, _: (
        f"Expulsion du {_day(said, 'evict_on')} suspendue : "
        f"{SUSPENSIONS[SuspensionReason(said['reason'])].lower()}."
    ),
    "CourtCostsIncurred": lambda said, _: (
        f"Frais de justice, {COSTS[CostKind(said['kind'])].lower()} : "
        f"{format_cents(said['cost_cents'])}."
    ),
}


def told(what: str, said: Said, titles: Mapping[str, str]) -> str:
    """An entry of the legal path, by the name of its event."""
    return PLAIN.get(what) or TOLD[what](said, titles)


def _struck_out(what: str) -> Callable[[Said, Mapping[str, str]], str]:
    def sentence(said: Said, titles: Mapping[str, str]) -> str:
        reason = STRIKES[StrikeReason(said["struck_out_because"])].lower()
        return f"Retiré de la voie judiciaire ({reason}) : {told(what, said, titles)}"

    return sentence


SENTENCES = TOLD | {
    "GuidanceAcceptanceWithdrawn": _struck_out("BudgetGuidanceAccepted"),
    "GuidanceRefusalWithdrawn": _struck_out("BudgetGuidanceRefused"),
    "SafetyExceptionWithdrawn": _struck_out("SafetyExceptionRecorded"),
    "PetitionWithdrawn": _struck_out("CourtPetitionFiled"),
    "HearingWithdrawn": _struck_out("HearingFixed"),
    "JudgmentWithdrawn": _struck_out("JudgmentGiven"),
    "JudgmentServiceWithdrawn": _struck_out("JudgmentServed"),
    "EvictionDayWithdrawn": _struck_out("EvictionScheduled"),
    "SuspensionWithdrawn": _struck_out("EvictionSuspended"),
    "ExecutionWithdrawn": _struck_out("EvictionExecuted"),
    "CourtCostsWithdrawn": _struck_out("CourtCostsIncurred"),
}
