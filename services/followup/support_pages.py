"""The pages on which a support officer opens, closes and corrects periods of support."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import Response

from contracts.support_periods import SupportAxis, SupportOutcome
from services.chassis.asked import Asked, Asking
from services.chassis.forms import Form, choices_of
from services.chassis.routes import Routes
from services.followup import shown, supporting
from services.followup.api import READERS
from services.followup.history import AXES, OUTCOMES
from services.followup.support_period import SupportTerms
from services.followup.visit_pages import HOUSEHOLD, add_forms

LIST = "open-support-periods"
PERIOD = f"{HOUSEHOLD}/support-periods/{{period_id}}"


class Intensive(StrEnum):
    YES = "yes"
    NO = "no"


KINDS = {Intensive.YES: "Intensif : six mois", Intensive.NO: "Ordinaire : sans fin prévue"}
AXIS_CHOICES = [(axis.value, AXES[axis].capitalize()) for axis in SupportAxis]
OUTCOME_CHOICES = [(outcome.value, OUTCOMES[outcome].capitalize()) for outcome in SupportOutcome]


def open_support_periods(asked: Asked) -> Response:
    return asked.render(
        "open_support_periods.html",
        support=shown.open_support(asked.service, asked.today),
        may_act=asked.may(f"{PERIOD}/closure", "POST"),
    )


def _page(
    asked: Asking,
    template: str,
    household_id: UUID,
    period_id: UUID | None = None,
    *,
    of_open: bool = False,
    **more: Any,
) -> Response:
    """The form; `of_open`: of a period that is closed the household's page tells how instead."""
    household = shown.household(asked.service, household_id, asked.today)
    period = household.support_period(period_id) if period_id else None
    if of_open and period and period["closed_on"] and asked.request.method == "GET":
        return asked.redirect(f"households/{household_id}")
    return asked.render(
        template,
        household=household,
        period=period,
        axes=AXIS_CHOICES,
        kinds=choices_of(KINDS),
        outcomes=OUTCOME_CHOICES,
        **more,
    )


def _terms(form: Form) -> SupportTerms:
    with form:
        axis = form.choice("axis", "l'axe de l'accompagnement", SupportAxis)
        intensive = form.choice("intensive", "la sorte d'accompagnement", Intensive)
        agreed_on = form.day("agreed_on", "le jour de l'accord du ménage")
        opened_on = form.day("opened_on", "le premier jour de l'accompagnement")
    return SupportTerms.agreed(axis, intensive is Intensive.YES, agreed_on, opened_on)


def _closure(form: Form) -> tuple[date, SupportOutcome]:
    closed_on = form.day("closed_on", "le dernier jour de l'accompagnement")
    return closed_on, form.choice("outcome", "ce qu'il en est sorti", SupportOutcome)


def opening(asked: Asked, household_id: UUID) -> Response:
    return _page(asked, "support_opening.html", household_id)


def open_support(asked: Asked, household_id: UUID) -> Response:
    terms = _terms(asked.form)
    supporting.open_support(asked.service, asked.caller(), household_id, terms)
    return asked.redirect(f"households/{household_id}")


def correction(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    return _page(asked, "support_opening.html", household_id, period_id)


def correct_opening(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    terms = _terms(asked.form)
    receipt = supporting.correct_opening(
        asked.service, asked.caller(), household_id, period_id, terms
    )
    return asked.redirect(f"households/{household_id}", receipt)


def withdrawal(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    return _page(asked, "support_withdrawal.html", household_id, period_id, of_closure=False)


def withdraw_opening(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    supporting.withdraw_opening(asked.service, asked.caller(), household_id, period_id)
    return asked.redirect(f"households/{household_id}")


def closure(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    return _page(
        asked, "support_closure.html", household_id, period_id, of_open=True, correcting=False
    )


def close_support(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    with asked.form as form:
        closed_on, outcome = _closure(form)
    supporting.close_support(
        asked.service, asked.caller(), household_id, period_id, closed_on, outcome
    )
    return asked.redirect(f"households/{household_id}")


def closure_correction(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    return _page(asked, "support_closure.html", household_id, period_id, correcting=True)


def correct_closure(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    with asked.form as form:
        closed_on, outcome = _closure(form)
    receipt = supporting.correct_closure(
        asked.service, asked.caller(), household_id, period_id, closed_on, outcome
    )
    return asked.redirect(f"households/{household_id}", receipt)


def closure_withdrawal(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    return _page(asked, "support_withdrawal.html", household_id, period_id, of_closure=True)


def withdraw_closure(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    supporting.withdraw_closure(asked.service, asked.caller(), household_id, period_id)
    return asked.redirect(f"households/{household_id}")


def agreement_withdrawal(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    return _page(asked, "support_agreement.html", household_id, period_id, of_open=True)


def withdraw_agreement(asked: Asked, household_id: UUID, period_id: UUID) -> Response:
    with asked.form as form:
        day = form.day("withdrawn_on", "le jour où le ménage a retiré son accord")
    supporting.withdraw_agreement(asked.service, asked.caller(), household_id, period_id, day)
    return asked.redirect(f"households/{household_id}")


def add_support_pages(routes: Routes) -> None:
    """The list, and each form with its act at one path."""
    routes.page(f"/{{company}}/{LIST}", roles=READERS)(open_support_periods)
    add_forms(
        routes,
        (f"{HOUSEHOLD}/support-periods/opening", opening, open_support),
        (f"{PERIOD}/correction", correction, correct_opening),
        (f"{PERIOD}/withdrawal", withdrawal, withdraw_opening),
        (f"{PERIOD}/closure", closure, close_support),
        (f"{PERIOD}/closure/correction", closure_correction, correct_closure),
        (f"{PERIOD}/closure/withdrawal", closure_withdrawal, withdraw_closure),
        (f"{PERIOD}/agreement/withdrawal", agreement_withdrawal, withdraw_agreement),
    )
