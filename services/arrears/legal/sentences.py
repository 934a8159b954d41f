"""What happened on the legal path, in French words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.legal_path import BlockReason, CostKind, SuspensionReason
from services.arrears.legal.forms import COSTS, SUSPENSIONS
from services.arrears.legal.going_to_court import BLOCKS
from services.chassis.amounts import format_cents, format_day

Said = Mapping[str, Any]
OUTCOMES = {
    "eviction-authorised": "l'expulsion est autorisée",
    "terms-granted": "des termes sont accordés",
    "payment-ordered": "le locataire est condamné à payer",
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
SENTENCES = {
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
