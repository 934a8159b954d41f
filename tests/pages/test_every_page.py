"""Every page of every application in a real browser: three widths, and accessibility rules."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from looking import faults
from premises import BUILDS
from visitor import HEIGHT, PHONE, SMALL_PHONE, TABLET
from visits import FACT, OF_EVERY_SERVICE, OF_PROGRAMS, VISITS, visits

from services.chassis.routes import rules

SERVICES = tuple(BUILDS)
WIDTHS = (TABLET, PHONE, SMALL_PHONE)
TODAY = "Démonstration — temps simulé\u00a0: 12 avril 2024"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"


@pytest.fixture
def looked_at(shown, empty, visitor):
    """Every visit to a service, with the visitor who has just opened it and the answer."""

    def look(service, *, scripts=False):
        people = {}
        for visit in visits(service, shown, empty):
            slug = empty.slug if empty.slug in visit.address else shown.slug
            whose = visit.role, slug
            if whose not in people:
                people[whose] = visitor(*whose, scripts=scripts)
            yield visit, people[whose], people[whose].open(service, visit.address)

    return look


@pytest.mark.parametrize("service", SERVICES)
def test_every_page_is_visited(premises, service):
    declared = {
        path
        for method, path, _ in rules(premises.apps[service])
        if method == "GET" and not path.startswith(OF_PROGRAMS) and not path.endswith("/pdf")
    }

    looked_at = VISITS[service].keys() | (OF_EVERY_SERVICE if service != "front" else {})
    assert declared == looked_at | ({FACT} if service != "front" else set())


@pytest.mark.parametrize("service", SERVICES)
def test_a_page_without_scripts_is_whole_at_every_width_and_says_which_day_it_shows(
    looked_at, service
):
    wrong = []
    for visit, visitor, answer in looked_at(service):
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
            wrong += [(visit.address, width, *fault) for fault in faults(visitor.page)]
        if visit.of_company and TODAY not in visitor.page.locator("header").inner_text():
            wrong.append((visit.address, "does not say that this is a demonstration, and its day"))
        if answer.status != visit.status:
            wrong.append((visit.address, answer.status))
        if visitor.strangers():
            wrong.append((visit.address, "asks for", visitor.strangers()))
        # Chromium itself complains of the status of a page that is refused.
        if visitor.complaints and visit.status == 200:
            wrong.append((visit.address, "complains", visitor.complaints))
        if not answer.headers["content-security-policy"].startswith(POLICY):
            wrong.append((visit.address, answer.headers["content-security-policy"]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("service", SERVICES)
def test_the_accessibility_rules_find_nothing_serious(looked_at, service):
    axe, wrong = Axe(), []
    for visit, visitor, _ in looked_at(service, scripts=True):
        visitor.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
        wrong += [
            (visit.address, found["id"], [node["html"][:150] for node in found["nodes"]])
            for found in axe.run(visitor.page).response["violations"]
            if found["impact"] in ("serious", "critical")
        ]
    assert not wrong, "\n".join(map(str, wrong))
