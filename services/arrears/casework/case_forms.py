"""The forms of one case: take a step, decide otherwise, pause, a circumstance, a plan."""

from typing import Any
from uuid import UUID

from fastapi import Response

from contracts.arrears_cases import (
    CancelReason,
    Circumstance,
    InstalmentFrequency,
    OverrideReason,
    PauseReason,
    PlanMethod,
    PlanWith,
)
from services.arrears import shown
from services.arrears.api import OFFICER
from services.arrears.casework import acting, agreeing
from services.arrears.casework.case_plans import PlanNotPossible
from services.arrears.casework.case_rows import select_case
from services.arrears.casework.desk import STOPS
from services.arrears.casework.explaining import explain_proposal, policies_of, steps_of
from services.arrears.casework.pages import CASE
from services.arrears.casework.sentences import (
    CANCELS,
    CIRCUMSTANCES,
    FREQUENCIES,
    METHODS,
    OVERRIDES,
    PARTIES,
    PAUSES,
)
from services.arrears.casework.work_list import PAUSE_REVIEW, titles_of
from services.arrears.ladder.case import Plan
from services.arrears.ladder.judging import ruling
from services.arrears.ladder.plans import INSTALMENTS_MAX
from services.arrears.ladder.spans import Frequency
from services.arrears.legal.steps import NOTED_AS
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Form, choices_of
from services.chassis.routes import Routes

ROUTES = Routes()
FIELDS = {
    "instalment_cents": "instalment",
    "lump_sum_cents": "lump_sum",
    "starting_balance_cents": "starting",
}
"""Where on the form of a plan an amount that is refused was typed."""


def case_form(asked: Asking, template: str, lease_id: UUID, **more: Any) -> Response:
    """A page with a form about one case, made for the version that is shown."""
    with asked.service.datastore.reading() as rows:
        known = select_case(rows, asked.today, lease_id)
    return asked.render(
        template,
        rent_account=shown.account(asked.service, lease_id),
        case=known,
        version=known["version"] if known else None,
        **more,
    )


def to_case(asked: Asking, lease_id: UUID) -> Response:
    return asked.redirect(f"accounts/{lease_id}/case")


@ROUTES.page(f"{CASE}/steps/{{step}}", roles=OFFICER)
def step(asked: Asked, lease_id: UUID, step: str) -> Response:
    rules = steps_of(policies_of(asked.service)).get(step)
    if rules is not None and rules.means in NOTED_AS:
        return asked.redirect(f"accounts/{lease_id}/legal-path/{NOTED_AS[rules.means]}")
    if rules is not None and rules.means == PAUSE_REVIEW:
        return asked.redirect(f"accounts/{lease_id}/case/pause")
    seen = explain_proposal(asked.service, lease_id, asked.today, asked.today)
    return case_form(
        asked,
        "case_step.html",
        lease_id,
        step=step,
        title=titles_of(policies_of(asked.service)).get(step, step),
        seen=seen,
        stops=STOPS,
    )


@ROUTES.act(f"{CASE}/steps/{{step}}", roles=OFFICER, form=step)
def take_step(asked: Asked, lease_id: UUID, step: str) -> Response:
    with asked.form as form:
        taken_on = form.day_if_any("taken_on", "le jour où l'étape a été faite")
    acting.take_step(asked.service, asked.caller(), lease_id, step, taken_on)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/another-step", roles=OFFICER)
def another_step(asked: Asked, lease_id: UUID) -> Response:
    policy = ruling(policies_of(asked.service), asked.today, asked.today)
    steps = [
        (name, rules.title)
        for name, rules in (policy.steps if policy else {}).items()
        if rules.means not in {PAUSE_REVIEW, *NOTED_AS}
    ]
    return case_form(asked, "case_steps.html", lease_id, steps=steps)


@ROUTES.page(f"{CASE}/steps-taken/{{step_id}}/withdrawal", roles=OFFICER)
def step_withdrawal(asked: Asked, lease_id: UUID, step_id: UUID) -> Response:
    return case_form(
        asked,
        "case_confirm.html",
        lease_id,
        question="Retirer cette étape ?",
        consequence="Elle a été notée par erreur. Elle reste visible dans l'histoire, barrée, et "
        "ne compte plus.",
        button="Retirer l'étape",
    )


@ROUTES.act(f"{CASE}/steps-taken/{{step_id}}/withdrawal", roles=OFFICER, form=step_withdrawal)
def withdraw_step(asked: Asked, lease_id: UUID, step_id: UUID) -> Response:
    acting.withdraw_step(asked.service, asked.caller(), lease_id, step_id)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/override", roles=OFFICER)
def overriding(asked: Asked, lease_id: UUID) -> Response:
    return case_form(
        asked,
        "case_choice.html",
        lease_id,
        question="Écarter l'étape proposée ?",
        consequence="Elle quitte la liste. Quand autre chose sera proposé, le dossier reviendra.",
        field="reason",
        label="Pourquoi",
        choices=choices_of(OVERRIDES),
        button="Écarter l'étape",
    )


@ROUTES.act(f"{CASE}/override", roles=OFFICER, form=overriding)
def override(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        reason = form.choice("reason", "une raison", OverrideReason)
    acting.override(asked.service, asked.caller(), lease_id, reason)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/circumstances", roles=OFFICER)
def circumstances(asked: Asked, lease_id: UUID) -> Response:
    return case_form(
        asked,
        "case_choice.html",
        lease_id,
        question="Noter une circonstance",
        consequence="Une grande difficulté ou une dette contestée arrête tout envoi jusqu'à sa "
        "fin.",
        field="circumstance",
        label="Ce qui est connu",
        choices=choices_of(CIRCUMSTANCES),
        button="Noter",
    )


@ROUTES.act(f"{CASE}/circumstances", roles=OFFICER, form=circumstances)
def record_circumstance(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        circumstance = form.choice("circumstance", "ce qui est connu", Circumstance)
    acting.record_circumstance(asked.service, asked.caller(), lease_id, circumstance)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/pause", roles=OFFICER)
def pausing(asked: Asked, lease_id: UUID) -> Response:
    return case_form(asked, "case_pause.html", lease_id, reasons=choices_of(PAUSES))


@ROUTES.act(f"{CASE}/pause", roles=OFFICER, form=pausing)
def pause(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        reason = form.choice("reason", "une raison", PauseReason)
        review_on = form.day("review_on", "le jour où revoir le dossier")
    acting.pause(asked.service, asked.caller(), lease_id, reason, review_on)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/pause/end", roles=OFFICER)
def resuming(asked: Asked, lease_id: UUID) -> Response:
    return case_form(
        asked,
        "case_confirm.html",
        lease_id,
        question="Reprendre ce dossier ?",
        consequence="La suspension finit aujourd'hui ; ce que la politique propose revient dans la "
        "liste.",
        button="Reprendre le dossier",
    )


@ROUTES.act(f"{CASE}/pause/end", roles=OFFICER, form=resuming)
def resume(asked: Asked, lease_id: UUID) -> Response:
    acting.resume(asked.service, asked.caller(), lease_id)
    return to_case(asked, lease_id)


@ROUTES.page(f"{CASE}/plan", roles=OFFICER)
def planning(asked: Asked, lease_id: UUID) -> Response:
    return case_form(
        asked,
        "case_plan.html",
        lease_id,
        seen=explain_proposal(asked.service, lease_id, asked.today, asked.today),
        parties=choices_of(PARTIES),
        frequencies=choices_of(FREQUENCIES),
        methods=choices_of(METHODS),
    )


@ROUTES.act(f"{CASE}/plan", roles=OFFICER, form=planning)
def agree_plan(asked: Asked, lease_id: UUID) -> Response:
    with asked.form as form:
        terms = _terms(form, asked)
    try:
        agreeing.agree_plan(asked.service, asked.caller(), lease_id, terms)
    except PlanNotPossible as refused:
        errors = refused.facts["errors"]
        named = [e | {"field": FIELDS.get(e["field"], e["field"])} for e in errors]
        raise PlanNotPossible(refused.detail, named) from None
    return to_case(asked, lease_id)


def _terms(form: Form, asked: Asking) -> Plan:
    instalment = form.cents_if_any("instalment", "le versement")
    frequency = form.choice("frequency", "un rythme", InstalmentFrequency) if instalment else None
    party = form.choice("with", "avec qui", PlanWith)
    method = form.choice("method", "à quoi le plan est suivi", PlanMethod)
    return Plan.model_construct(
        what="plan",
        plan="new",
        on=asked.today,
        with_=party.value,
        method=method.value,
        count=_whole_if_any(form, "count", "le nombre de versements", INSTALMENTS_MAX),
        ends_on=form.day_if_any("ends_on", "le dernier jour du plan"),
        strike_out_on=form.day_if_any("strike_out_on", "le jour de la radiation"),
        suspended_years=_whole_if_any(form, "suspended_years", "le nombre d'années", 50),
        formal=party is PlanWith.JUDGE,
        instalment_cents=instalment,
        frequency=Frequency(frequency.value) if frequency else None,
        first_due_on=form.day_if_any("first_due_on", "le jour du premier versement"),
        lump_sum_cents=form.cents_if_any("lump_sum", "le montant unique"),
        lump_sum_on=form.day_if_any("lump_sum_on", "le jour du montant unique"),
        starting_balance_cents=_starting_if_any(form),
    )


def _starting_if_any(form: Form) -> int | None:
    """The debt as the parties stated it; None when nothing was typed."""
    typed = form.value("starting").strip()
    return form.cents("starting", "la dette au départ du plan", 1) if typed else None


def _whole_if_any(form: Form, field: str, what: str, most: int) -> int | None:
    """None when nothing was typed."""
    return form.integer(field, what, 1, most) if form.value(field).strip() else None


@ROUTES.page(f"{CASE}/plan/{{plan_id}}/cancellation", roles=OFFICER)
def plan_cancellation(asked: Asked, lease_id: UUID, plan_id: UUID) -> Response:
    return case_form(
        asked,
        "case_choice.html",
        lease_id,
        question="Annuler ce plan d'apurement ?",
        consequence="Le plan finit aujourd'hui. Il reste visible dans l'histoire du dossier.",
        field="reason",
        label="Pourquoi",
        choices=choices_of(CANCELS),
        button="Annuler le plan",
    )


@ROUTES.act(f"{CASE}/plan/{{plan_id}}/cancellation", roles=OFFICER, form=plan_cancellation)
def cancel_plan(asked: Asked, lease_id: UUID, plan_id: UUID) -> Response:
    with asked.form as form:
        reason = form.choice("reason", "une raison", CancelReason)
    agreeing.cancel_plan(asked.service, asked.caller(), lease_id, plan_id, reason)
    return to_case(asked, lease_id)
