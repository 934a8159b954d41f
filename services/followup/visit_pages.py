"""The pages on which a support officer plans, records, misses and corrects visits."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from fastapi import Response

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Form
from services.chassis.routes import Routes
from services.followup import shown
from services.followup.api import OFFICER
from services.followup.history import ABSENCES, KINDS, PLACES, RESULTS

Page = Callable[..., Response]
HOUSEHOLD = "/{company}/households/{household_id}"
VISIT = f"{HOUSEHOLD}/visits/{{visit_id}}"
KIND_CHOICES = [(kind.value, KINDS[kind].capitalize()) for kind in VisitKind]
PLACE_CHOICES = [(place.value, PLACES[place].capitalize()) for place in VisitPlace]
RESULT_CHOICES = [(result.value, RESULTS[result].capitalize()) for result in VisitResult]
ABSENCE_CHOICES = [(reason.value, ABSENCES[reason].capitalize()) for reason in AbsenceReason]


def _page(
    asked: Asking, template: str, household_id: UUID, visit_id: UUID | None = None, **more: Any
) -> Response:
    household = shown.household(asked.service, household_id, asked.today)
    return asked.render(
        template,
        household=household,
        visit=household.visit(visit_id) if visit_id else None,
        kinds=KIND_CHOICES,
        places=PLACE_CHOICES,
        results=RESULT_CHOICES,
        **more,
    )


def _which(form: Form) -> tuple[UUID, VisitKind]:
    return form.uuid("lease_id", "le bail"), form.choice("kind", "la sorte de visite", VisitKind)


def _made(form: Form) -> dict[str, Any]:
    return {
        "done_on": form.day("done_on", "la date de la visite"),
        "place": form.choice("place", "où la visite a eu lieu", VisitPlace),
        "performed_by": form.code("performed_by", "qui a fait la visite"),
        "result": form.choice("result", "le résultat", VisitResult),
    }


def planning(asked: Asked, household_id: UUID) -> Response:
    return _page(asked, "visit_plan.html", household_id)


def plan_new(asked: Asked, household_id: UUID) -> Response:
    with asked.form as form:
        lease_id, kind = _which(form)
        planned_on = form.day("planned_on", "la date prévue")
    asked.service.plan_visit(asked.caller(), household_id, uuid4(), lease_id, kind, planned_on)
    return asked.redirect(f"households/{household_id}")


def plan(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    return _page(asked, "visit_plan.html", household_id, visit_id)


def plan_visit(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    known = shown.household(asked.service, household_id, asked.today).visit(visit_id)
    with asked.form as form:
        planned_on = form.day("planned_on", "la date prévue")
    asked.service.plan_visit(
        asked.caller(),
        household_id,
        visit_id,
        known["lease_id"],
        VisitKind(known["kind"]),
        planned_on,
    )
    return asked.redirect(f"households/{household_id}")


def recording(asked: Asked, household_id: UUID) -> Response:
    return _page(asked, "visit_record.html", household_id, correcting=False)


def record_new(asked: Asked, household_id: UUID) -> Response:
    with asked.form as form:
        lease_id, kind = _which(form)
        made = _made(form)
    asked.service.record_visit(asked.caller(), household_id, uuid4(), lease_id, kind, **made)
    return asked.redirect(f"households/{household_id}")


def record(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    return _page(asked, "visit_record.html", household_id, visit_id, correcting=False)


def record_visit(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    known = shown.household(asked.service, household_id, asked.today).visit(visit_id)
    with asked.form as form:
        made = _made(form)
    asked.service.record_visit(
        asked.caller(),
        household_id,
        visit_id,
        known["lease_id"],
        VisitKind(known["kind"]),
        **made,
    )
    return asked.redirect(f"households/{household_id}")


def correction(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    return _page(asked, "visit_record.html", household_id, visit_id, correcting=True)


def correct_visit(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    with asked.form as form:
        made = _made(form)
    receipt = asked.service.correct_visit(asked.caller(), household_id, visit_id, **made)
    return asked.redirect(f"households/{household_id}", receipt)


def withdrawal(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    return _page(asked, "visit_withdrawal.html", household_id, visit_id)


def withdraw_visit(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    asked.service.withdraw_visit(asked.caller(), household_id, visit_id)
    return asked.redirect(f"households/{household_id}")


def absence(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    return _page(asked, "visit_absence.html", household_id, visit_id, reasons=ABSENCE_CHOICES)


def miss_visit(asked: Asked, household_id: UUID, visit_id: UUID) -> Response:
    with asked.form as form:
        missed_on = form.day("missed_on", "le jour de la visite manquée")
        reason = form.choice("reason", "la raison", AbsenceReason)
    asked.service.miss_visit(asked.caller(), household_id, visit_id, missed_on, reason)
    return asked.redirect(f"households/{household_id}")


def add_visit_pages(routes: Routes) -> None:
    add_forms(
        routes,
        (f"{HOUSEHOLD}/visits/planning", planning, plan_new),
        (f"{HOUSEHOLD}/visits/recording", recording, record_new),
        (f"{VISIT}/plan", plan, plan_visit),
        (f"{VISIT}/record", record, record_visit),
        (f"{VISIT}/correction", correction, correct_visit),
        (f"{VISIT}/withdrawal", withdrawal, withdraw_visit),
        (f"{VISIT}/absence", absence, miss_visit),
    )


def add_forms(routes: Routes, *forms: tuple[str, Page, Page]) -> None:
    """Each form with its act, at one path."""
    for path, form, act in forms:
        routes.page(path, roles=OFFICER)(form)
        routes.act(path, roles=OFFICER, form=form)(act)
