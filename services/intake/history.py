"""What happened to a lease or a dwelling, in sentences: each of its events has one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.envelope import read_envelope
from contracts.intake import EndReason, SuspensionReason, WelcomeMode
from contracts.words import Origin
from services.chassis.aggregate import Event
from services.chassis.amounts import format_cents, format_day
from services.chassis.facts import EVENTS_TABLE
from services.intake.dwelling import Dwelling
from services.intake.lease import Lease
from services.intake.lease_terms import Signing, Terms
from services.intake.rent_periods import words_of
from services.intake.service import Intake

MODES = {
    WelcomeMode.OFFICE: "au bureau",
    WelcomeMode.HOME: "à domicile",
    WelcomeMode.PHONE: "par téléphone",
}
REASONS = {
    EndReason.NOTICE: "congé du locataire",
    EndReason.TERMINATION: "résiliation",
    EndReason.TRANSFER: "mutation",
    EndReason.DEATH: "décès",
    EndReason.ABANDONED: "logement abandonné",
    EndReason.EVICTION: "expulsion",
}
SUSPENSIONS = {
    SuspensionReason.WORKS: "travaux",
    SuspensionReason.SALE: "vente",
    SuspensionReason.DEMOLITION: "démolition",
    SuspensionReason.DAMAGE: "sinistre",
    SuspensionReason.UNFIT: "insalubrité",
    SuspensionReason.OTHER: "autre motif",
}

SUPERSEDED = " (corrigé ensuite)"
SELECT_EVENTS = f"""
SELECT e.originator_id, e.originator_version, e.topic, e.state, f.content
FROM {EVENTS_TABLE} e
LEFT JOIN facts f ON f.subject = e.originator_id AND f.version = e.originator_version
WHERE e.originator_id = %s ORDER BY e.originator_version
"""


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: when it happened, what, who noted it and when."""

    day: date
    sentence: str
    recorded_at: datetime
    actor: str


@dataclass(frozen=True)
class History:
    """`version` is what a form shown beside this history was filled in for; `welcome_mode` is
    where the welcome meeting was held, as it was last told; None where none was noted here.
    """

    version: int
    entries: list[Entry]
    welcome_mode: WelcomeMode | None


def history_of(intake: Intake, aggregate_id: UUID) -> History:
    with intake.datastore.reading() as cursor:
        rows = cursor.execute(SELECT_EVENTS, (aggregate_id,)).fetchall()
    events = [intake.event_of(row) for row in rows]
    corrected = {getattr(event, "corrects_version", None) for event in events}
    entries = []
    terms: Terms | None = None
    mode: WelcomeMode | None = None
    for event, row in zip(events, rows, strict=True):
        said = sentence(event, terms)
        if event.originator_version in corrected:
            said += SUPERSEDED
        actor = read_envelope(bytes(row["content"])).actor if row["content"] else ""
        entries.append(Entry(event.occurred_on, said, event.timestamp, actor))
        if isinstance(event, Signing):
            terms = event.terms()
        elif isinstance(event, Lease.TenantWelcomed | Lease.WelcomeCorrected):
            mode = event.mode
    return History(len(rows), entries, mode)


def sentence(event: Any, terms: Terms | None) -> str:
    """What an event says, for people; `terms` are those that stood before it."""
    if isinstance(event, Lease.SigningCorrected) and terms:
        as_before = replace(event.terms(), leaseholders=terms.leaseholders)
        if as_before == terms:
            return "Noms, contacts ou adresse des locataires corrigés."
        if terms.welcomed_on and as_before == replace(terms, welcomed_on=None):
            return f"Accueil du {format_day(terms.welcomed_on)}, repris avec le stock : corrigé."
    return SENTENCES[type(event)](event)


def _terms(event: Any) -> str:
    return (
        f"logement {event.dwelling_reference}, à partir du {format_day(event.start_on)}, "
        f"loyer {format_cents(event.rent_cents)} et charges {format_cents(event.charges_cents)}"
        f"{f', {words_of(event.rent_period)}' if event.rent_period else ''}"
    )


def _signed(event: Any) -> str:
    imported = event.origin is Origin.IMPORTED
    return f"Bail {'repris avec le stock' if imported else 'signé'} : {_terms(event)}."


SENTENCES: dict[type[Event], Callable[[Any], str]] = {
    Lease.Signed: _signed,
    Lease.SigningCorrected: lambda event: f"Bail corrigé : {_terms(event)}.",
    Lease.SigningWithdrawn: lambda _: "Bail annulé : il avait été encodé par erreur.",
    Lease.TenantWelcomed: lambda event: f"Ménage accueilli {MODES[event.mode]}.",
    Lease.WelcomeCorrected: lambda event: (
        f"Accueil corrigé : il a eu lieu le {format_day(event.held_on)} {MODES[event.mode]}."
    ),
    Lease.WelcomeWithdrawn: lambda _: "Accueil annulé : il n'a pas eu lieu.",
    Lease.Ended: lambda event: f"Fin du bail : {REASONS[event.reason]}.",
    Lease.EndWithdrawn: lambda _: "Fin du bail annulée : le bail continue.",
    Lease.TransferCompleted: lambda _: "Mutation achevée : ce bail suit un autre du même ménage.",
    Dwelling.Registered: lambda _: "Logement entré au patrimoine.",
    Dwelling.Let: lambda _: "Logement loué.",
    Dwelling.Vacated: lambda _: "Logement vide : le bail a pris fin la veille.",
    Dwelling.LettingWithdrawn: lambda _: "Location annulée : le bail avait été encodé par erreur.",
    Dwelling.LettingSuspended: lambda event: (
        f"Retiré de la location : {SUSPENSIONS[event.reason]}."
    ),
    Dwelling.SuspensionWithdrawn: lambda _: "Retrait de la location annulé : il était louable.",
    Dwelling.LettingResumed: lambda _: "Remis en location.",
    Dwelling.ResumptionWithdrawn: lambda _: "Remise en location annulée : il reste retiré.",
}
