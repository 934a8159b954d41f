"""The pages of the legal path: where a case stands before the court, and what is noted of it."""

from uuid import UUID

from fastapi import Response

from contracts.legal_path import StrikeReason
from services.arrears import shown
from services.arrears.api import OFFICER, READERS
from services.arrears.casework.case_forms import case_form
from services.arrears.casework.case_rows import select_case
from services.arrears.legal import mistakes
from services.arrears.legal.api import LEGAL_ACT, EntryNumber, do
from services.arrears.legal.forms import FORMS, LegalForm
from services.arrears.legal.going_to_court import BLOCKS
from services.arrears.legal.sentences import OUTCOMES, STRIKES, told
from services.arrears.legal.shown import before_court, path_of
from services.chassis.asked import Asked
from services.chassis.forms import choices_of
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
PATH = "/{company}/accounts/{lease_id}/legal-path"


@ROUTES.page("/{company}/legal-path", roles=READERS)
def cases_before_court(asked: Asked) -> Response:
    """Every case before the court, the next deadline first."""
    cases = shown.with_names(asked.service, before_court(asked.service))
    return asked.render("before_court.html", cases=cases, outcomes=OUTCOMES)


@ROUTES.page(PATH, roles=READERS)
def legal_path(asked: Asked, lease_id: UUID) -> Response:
    """What was noted, the days that the law gives from there, and what may be noted next."""
    found = path_of(asked.service, lease_id, asked.today)
    return asked.render(
        "legal_path.html",
        rent_account=shown.account(asked.service, lease_id),
        path=found,
        outcome=OUTCOMES.get(found["stands"]["outcome"] or ""),
        entries=[
            row | {"sentence": told(row["what"], row["said"], {})} for row in found["entries"]
        ],
        blocks=BLOCKS,
        forms=FORMS,
        may_act=asked.may(f"{PATH}/{{act}}", "POST"),
    )


@ROUTES.page(f"{PATH}/{{act}}", roles=OFFICER)
def noting(asked: Asked, lease_id: UUID, act: str) -> Response:
    with asked.service.datastore.reading() as rows:
        case = select_case(rows, asked.today, lease_id)
    return asked.render(
        "legal_act.html",
        rent_account=shown.account(asked.service, lease_id),
        legal_form=_form_of(act),
        version=case["version"] if case else None,
        owed_cents=max(0, case["owed_cents"]) if case else 0,
    )


@ROUTES.act(f"{PATH}/{{act}}", roles=OFFICER, form=noting)
def note(asked: Asked, lease_id: UUID, act: str) -> Response:
    with asked.form as form:
        typed = _form_of(act).read(act, form)
    do(asked, lease_id, LEGAL_ACT.validate_python(typed))
    return asked.redirect(f"accounts/{lease_id}/legal-path")


@ROUTES.page(f"{PATH}/entries/{{entry}}/withdrawal", roles=OFFICER)
def striking(asked: Asked, lease_id: UUID, entry: EntryNumber) -> Response:
    return case_form(
        asked,
        "case_choice.html",
        lease_id,
        question="Retirer cette entrée de la voie judiciaire ?",
        consequence="Elle a été notée par erreur. Elle reste visible dans l'histoire, barrée ; les "
        "délais et les étapes sont revus sans elle.",
        field="reason",
        label="Pourquoi",
        choices=choices_of(STRIKES),
        button="Retirer l'entrée",
    )


@ROUTES.act(f"{PATH}/entries/{{entry}}/withdrawal", roles=OFFICER, form=striking)
def strike_out(asked: Asked, lease_id: UUID, entry: EntryNumber) -> Response:
    with asked.form as form:
        reason = form.choice("reason", "une raison", StrikeReason)
    mistakes.strike_out(asked.service, asked.caller(), lease_id, entry, reason)
    return asked.redirect(f"accounts/{lease_id}/legal-path")


def _form_of(act: str) -> LegalForm:
    """Errors: NotFound."""
    found = FORMS.get(act)
    if found is None:
        raise NotFound("Cette page n'existe pas.")
    return found
