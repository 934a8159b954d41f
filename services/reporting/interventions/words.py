"""What persons decided, in French: what, on what kind of fact, why."""

from contracts.arrears_cases import OverrideReason, PauseReason
from contracts.legal_path import StrikeReason
from services.reporting.interventions.lists import Intervention, Which

TITLES = {
    Which.OVERRIDES: "Propositions écartées et suspensions",
    Which.CORRECTIONS: "Corrections et retraits",
    Which.RELEASES: "Faits mis de côté",
    Which.ASSIGNMENTS: "Argent attribué à la main",
}
ABOUT = {
    Which.OVERRIDES: "Ce qu'une personne a fait autrement que la politique ne le proposait.",
    Which.CORRECTIONS: "Chaque fait qui en corrige ou en retire un autre, dans tous les services.",
    Which.RELEASES: "Ce qu'un exploitant a décidé de faits que Rapports ne pouvait pas prendre.",
    Which.ASSIGNMENTS: "L'argent qu'une personne a attribué à un bail ou à autre chose que le "
    "loyer, et ce qu'elle en a repris. Les listes importées, qui nomment leurs baux, n'y sont pas.",
}
KINDS = {
    "proposal-overridden": "Étape proposée, écartée",
    "case-paused": "Dossier suspendu",
    "step-taken": "Étape prise sans être celle proposée",
    "correction": "Correction",
    "withdrawal": "Retrait",
    "released": "Laissé de côté pour toujours",
    "retried": "Repris",
    "held-released": "Autres octets écartés pour toujours",
    "held-retried": "Relu, autres octets compris",
    "assigned": "Attribué à un bail",
    "unassigned": "Attribution annulée",
    "taken-off": "Retiré du bail que la communication nommait",
    "to-other-charge": "Attribué à autre chose que le loyer",
    "back-to-rent": "Rendu au loyer",
}
STRUCK: dict[str, str] = {
    StrikeReason.WRONG_DAY: "Le jour est faux",
    StrikeReason.WRONG_HOUSEHOLD: "C'était un autre ménage",
    StrikeReason.NOTED_TWICE: "Noté deux fois",
    StrikeReason.DID_NOT_HAPPEN: "Cela n'a pas eu lieu",
    StrikeReason.WRONG_DETAILS: "Les détails sont faux",
}
REASONS: dict[str, str] = {
    OverrideReason.AGREED_OTHERWISE: "Autre accord avec le ménage",
    OverrideReason.PAYMENT_EXPECTED: "Un paiement est attendu",
    OverrideReason.DATA_IS_WRONG: "Les données sont inexactes",
    OverrideReason.HOUSEHOLD_IS_VULNERABLE: "Ménage fragile",
    PauseReason.ILLNESS: "Maladie ou hospitalisation",
    PauseReason.BEREAVEMENT: "Deuil",
    PauseReason.BENEFIT_AWAITED: "Aide ou allocation attendue",
    PauseReason.DOCUMENTS_AWAITED: "Documents attendus",
    PauseReason.PARTNER_IS_ACTING: "Un partenaire agit",
    **STRUCK,
}


def why(row: Intervention) -> str:
    """The reason in words; of what was set aside its own, and then what the operator wrote."""
    reason = row["reason"] or ""
    said = REASONS.get(reason, reason)
    if row["because"] and row["kind"].startswith("held-"):
        return f"{row['because']} (il était revenu avec d'autres octets)"
    if row["because"]:
        return f"{row['because']} (il avait été mis de côté\u00a0: {said})"
    return "" if row["kind"] == "taken-off" else said
