"""The pages of the legal path: where a case stands before the court, and what is noted of it."""

from uuid import UUID

from fastapi import Response

from services.arrears import shown
from services.arrears.api import OFFICER, READERS
from services.arrears.casework.case_rows import select_case
from services.arrears.legal.api import LEGAL_ACT, do
from services.arrears.legal.forms import FORMS, LegalForm
from services.arrears.legal.sentences import OUTCOMES
from services.arrears.legal.shown import before_court, path_of
from services.chassis.asked import Asked
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
    found = path_of(asked.service, lease_id)
    return asked.render(
        "legal_path.html",
        rent_account=shown.account(asked.service, lease_id),
        path=found,
        outcome=OUTCOMES.get(found["stands"]["outcome"] or ""),
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
    )


@ROUTES.act(f"{PATH}/{{act}}", roles=OFFICER, form=noting)
def note(asked: Asked, lease_id: UUID, act: str) -> Response:
    with asked.form as form:
        typed = _form_of(act).read(act, form)
    do(asked, lease_id, LEGAL_ACT.validate_python(typed))
    return asked.redirect(f"accounts/{lease_id}/legal-path")


def _form_of(act: str) -> LegalForm:
    """Errors: NotFound."""
    found = FORMS.get(act)
    if found is None:
        raise NotFound("Cette page n'existe pas.")
    return found
