"""The pages of dwellings: which are vacant, one of them, and taking it out of letting."""

from typing import Any
from uuid import UUID

from fastapi import Response

from contracts.intake import SuspensionReason
from services.chassis.asked import Asked, Asking
from services.chassis.routes import Routes
from services.intake import dwelling_lookups
from services.intake.history import SUSPENSIONS, history_of
from services.intake.roles import OFFICERS, READERS

ROUTES = Routes()
DWELLING = "/{company}/dwellings/{dwelling_id}"
REASONS = [(reason.value, text.capitalize()) for reason, text in SUSPENSIONS.items()]


@ROUTES.page("/{company}/vacant-dwellings", roles=READERS)
def vacant_dwellings(asked: Asked) -> Response:
    listed = dwelling_lookups.vacant(asked.service, asked.today)
    return asked.render("vacant_dwellings.html", listed=listed)


@ROUTES.page(DWELLING, roles=READERS)
def dwelling_page(asked: Asked, dwelling_id: UUID) -> Response:
    found = dwelling_lookups.dwelling(asked.service, dwelling_id, asked.today)
    return asked.render(
        "dwelling.html",
        dwelling=found,
        history=history_of(asked.service, dwelling_id),
        may_act=asked.may(f"{DWELLING}/suspension", "POST"),
    )


def _form(asked: Asking, dwelling_id: UUID, **words: Any) -> Response:
    found = dwelling_lookups.dwelling(asked.service, dwelling_id, asked.today)
    version = history_of(asked.service, dwelling_id).version
    return asked.render("letting.html", dwelling=found, version=version, **words)


@ROUTES.page(f"{DWELLING}/suspension", roles=OFFICERS)
def suspension(asked: Asked, dwelling_id: UUID) -> Response:
    return _form(
        asked,
        dwelling_id,
        question="Retirer ce logement de la location",
        day="unlettable_from",
        label="Non louable depuis le",
        reasons=REASONS,
        button="Retirer de la location",
    )


@ROUTES.act(f"{DWELLING}/suspension", roles=OFFICERS, form=suspension)
def suspend_letting(asked: Asked, dwelling_id: UUID) -> Response:
    with asked.form as form:
        day = form.day("unlettable_from", "depuis quand le logement n'est pas louable")
        reason = form.choice("reason", "le motif", SuspensionReason)
    asked.service.suspensions.suspend_letting(asked.caller(), dwelling_id, day, reason)
    return asked.redirect(f"dwellings/{dwelling_id}")


@ROUTES.page(f"{DWELLING}/suspension/withdrawal", roles=OFFICERS)
def suspension_withdrawal(asked: Asked, dwelling_id: UUID) -> Response:
    return _form(
        asked,
        dwelling_id,
        question="Annuler le retrait de la location ?",
        consequence="Le retrait avait été noté par erreur : le logement était louable. Pour un "
        "logement qui le redevient, notez plutôt sa remise en location.",
        button="Annuler le retrait",
    )


@ROUTES.act(f"{DWELLING}/suspension/withdrawal", roles=OFFICERS, form=suspension_withdrawal)
def withdraw_suspension(asked: Asked, dwelling_id: UUID) -> Response:
    asked.service.suspensions.withdraw_suspension(asked.caller(), dwelling_id)
    return asked.redirect(f"dwellings/{dwelling_id}")


@ROUTES.page(f"{DWELLING}/resumption", roles=OFFICERS)
def resumption(asked: Asked, dwelling_id: UUID) -> Response:
    return _form(
        asked,
        dwelling_id,
        question="Remettre ce logement en location",
        day="lettable_from",
        label="Louable à partir du",
        button="Remettre en location",
    )


@ROUTES.act(f"{DWELLING}/resumption", roles=OFFICERS, form=resumption)
def resume_letting(asked: Asked, dwelling_id: UUID) -> Response:
    with asked.form as form:
        day = form.day("lettable_from", "à partir de quand le logement est louable")
    asked.service.suspensions.resume_letting(asked.caller(), dwelling_id, day)
    return asked.redirect(f"dwellings/{dwelling_id}")


@ROUTES.page(f"{DWELLING}/resumption/withdrawal", roles=OFFICERS)
def resumption_withdrawal(asked: Asked, dwelling_id: UUID) -> Response:
    return _form(
        asked,
        dwelling_id,
        question="Annuler la remise en location ?",
        consequence="La remise en location avait été notée par erreur : le logement reste retiré.",
        button="Annuler la remise en location",
    )


@ROUTES.act(f"{DWELLING}/resumption/withdrawal", roles=OFFICERS, form=resumption_withdrawal)
def withdraw_resumption(asked: Asked, dwelling_id: UUID) -> Response:
    asked.service.suspensions.withdraw_resumption(asked.caller(), dwelling_id)
    return asked.redirect(f"dwellings/{dwelling_id}")
