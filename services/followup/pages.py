"""The pages of follow-up: the week's visits, a household and what happened to it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from services.chassis.asked import Asked
from services.chassis.forms import plain
from services.chassis.routes import Routes
from services.followup import shown
from services.followup.api import READERS
from services.followup.history import ABSENCES, RESULTS
from services.followup.support_pages import LIST, add_support_pages
from services.followup.visit_pages import HOUSEHOLD, add_visit_pages

START = "visits-this-week"
MENU = (
    (START, "Visites de la semaine"),
    (LIST, "Accompagnements en cours"),
    ("households", "Ménages"),
)
ROUTES = Routes()


@ROUTES.page("/{company}/visits-this-week", roles=READERS)
def visits_this_week(asked: Asked) -> Response:
    return asked.render(
        "visits_this_week.html",
        week=shown.week(asked.service, asked.today),
        may_act=asked.may(f"{HOUSEHOLD}/visits/{{visit_id}}/record", "POST"),
    )


@ROUTES.page("/{company}/households", roles=READERS)
def households(asked: Asked, q: Annotated[str, Query(max_length=40)] = "") -> Response:
    text = plain(q.strip(), "q")
    found = shown.search(asked.service, text) if text else None
    return asked.render("households.html", found=found, q=text)


@ROUTES.page(HOUSEHOLD, roles=READERS)
def household(asked: Asked, household_id: UUID) -> Response:
    return asked.render(
        "household.html",
        household=shown.household(asked.service, household_id, asked.today),
        results={result.value: text for result, text in RESULTS.items()},
        absences={reason.value: text for reason, text in ABSENCES.items()},
        may_act=asked.may(f"{HOUSEHOLD}/visits/planning", "POST"),
    )


add_visit_pages(ROUTES)
add_support_pages(ROUTES)
