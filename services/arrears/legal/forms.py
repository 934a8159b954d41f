"""The forms of the legal path: of each act its few fields, and how they are asked in French."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.legal_path import CostKind, SuspensionReason
from services.chassis.forms import Form, choices_of

SUSPENSIONS = {
    SuspensionReason.DEBT_PAID: "La dette est payée",
    SuspensionReason.PLAN_AGREED: "Un plan d'apurement est conclu",
    SuspensionReason.JUDGE_DECIDED: "Le juge l'a décidé",
    SuspensionReason.TENANT_LEFT: "Le locataire est parti",
    SuspensionReason.COMPANY_DECIDED: "La société y renonce",
}
COSTS = {
    CostKind.COURT: "Justice de paix",
    CostKind.SERVICE: "Signification",
    CostKind.BAILIFF: "Huissier",
    CostKind.LAWYER: "Avocat",
}
ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Asks:
    """One field. `kind`: day, day-if-any, amount, check, or choice, which has `choices`."""

    name: str
    kind: str
    label: str
    what: str = ""
    """Its name with an article, for what is said when it is missing."""
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    is_owed: bool = False
    """Offered as what is owed today."""

    def read(self, form: Form) -> Any:
        """Its value, as an act's body takes it."""
        if self.kind == "day":
            return form.day(self.name, self.what)
        if self.kind == "day-if-any":
            return form.day_if_any(self.name, self.what)
        if self.kind == "amount":
            return form.cents(self.name, self.what)
        if self.kind == "check":
            return form.checked(self.name)
        value = form.value(self.name)
        if value not in dict(self.choices):
            form.wrong(self.name, f"Choisissez {self.what}.")
        return value


@dataclass(frozen=True, slots=True)
class LegalForm:
    """`title` asks, `consequence` says what follows."""

    title: str
    button: str
    fields: tuple[Asks, ...] = field(default=())
    consequence: str = ""
    warning: bool = False

    def read(self, act: str, form: Form) -> dict[str, Any]:
        """The body of the act, as typed."""
        return {"act": act} | {asks.name: asks.read(form) for asks in self.fields}


FORMS = {
    "guidance": LegalForm(
        "Noter la réponse à la guidance budgétaire",
        "Noter la réponse",
        (
            Asks("answered_on", "day", "Jour de la réponse", "le jour de la réponse"),
            Asks(
                ACCEPTED,
                "choice",
                "Le ménage",
                "ce que le ménage a répondu",
                choices=(("true", "accepte la guidance"), ("false", "la refuse")),
            ),
        ),
        "Un refus noté avant le jour d'une expulsion lève la protection du moratoire hivernal.",
    ),
    "safety-exception": LegalForm(
        "Noter un danger pour la sécurité",
        "Noter le danger",
        (Asks("established_on", "day", "Constaté le", "le jour du constat"),),
        "Le moratoire hivernal ne protège plus ce logement.",
        warning=True,
    ),
    "petition": LegalForm(
        "Noter le dépôt de la requête",
        "Noter le dépôt",
        (
            Asks("filed_on", "day", "Déposée le", "le jour du dépôt", "Tous les jours de l'année."),
            Asks("claim_cents", "amount", "Montant réclamé", "le montant réclamé", is_owed=True),
        ),
    ),
    "hearing": LegalForm(
        "Noter le jour de l'audience",
        "Noter l'audience",
        (Asks("hearing_on", "day", "Audience le", "le jour de l'audience"),),
        "Jusqu'à ce jour, rien d'autre n'est proposé.",
    ),
    "judgment": LegalForm(
        "Noter le jugement",
        "Noter le jugement",
        (
            Asks("given_on", "day", "Rendu le", "le jour du jugement"),
            Asks("claim_cents", "amount", "Condamné à payer", "le montant du jugement"),
            Asks("terms_granted", "check", "Le juge accorde des termes"),
            Asks("eviction_authorised", "check", "Le juge autorise l'expulsion"),
            Asks(
                "no_eviction_before",
                "day-if-any",
                "Pas d'expulsion avant le",
                "le premier jour que le juge permet",
                "Seulement si le jugement le dit ; sinon, un mois après la signification.",
            ),
        ),
    ),
    "service": LegalForm(
        "Noter la signification du jugement",
        "Noter la signification",
        (Asks("served_on", "day", "Signifié le", "le jour de la signification"),),
        "Le premier jour où une expulsion est possible en découle.",
    ),
    "eviction": LegalForm(
        "Noter le jour fixé par l'huissier",
        "Noter le jour",
        (
            Asks("evict_on", "day", "Expulsion fixée le", "le jour fixé"),
            Asks("warned_on", "day", "Annoncée au locataire le", "le jour de l'annonce"),
        ),
        "Si une règle l'interdit ce jour-là, rien n'est noté, et le refus reste dans l'histoire.",
        warning=True,
    ),
    "suspension": LegalForm(
        "L'expulsion n'aura pas lieu",
        "Suspendre l'expulsion",
        (Asks("reason", "choice", "Pourquoi", "une raison", choices=choices_of(SUSPENSIONS)),),
    ),
    "execution": LegalForm(
        "Noter que l'expulsion a eu lieu",
        "Noter l'expulsion",
        (Asks("executed_on", "day", "Le", "le jour de l'expulsion"),),
        "Le bail se termine à l'accueil, où la fin est notée.",
        warning=True,
    ),
    "costs": LegalForm(
        "Noter des frais de justice",
        "Noter les frais",
        (
            Asks("kind", "choice", "Pour quoi", "pour quoi", choices=choices_of(COSTS)),
            Asks("cost_cents", "amount", "Montant", "le montant"),
            Asks("incurred_on", "day", "Dus depuis le", "le jour"),
        ),
        "Ils restent à part du loyer et du taux d'arriérés.",
    ),
}
