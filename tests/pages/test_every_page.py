"""Every page of every application in a real browser: three widths, and accessibility rules."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from looking import faults
from premises import BUILDS
from visitor import HEIGHT, PHONE, SMALL_PHONE, TABLET
from visits import FACT, OF_EVERY_SERVICE, OF_PROGRAMS, VISITS, visits

from services.chassis.routes import rules

AXE = Axe()
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {
        name: {"enabled": True}
        for name in ("accesskeys", "label-title-only", "scope-attr-valid", "tabindex")
    },
}
"""The rules that can find something serious; and what is well is not told node by node: both take
longer than to look.
"""
SERVICES = tuple(BUILDS)
WIDTHS = (TABLET, PHONE, SMALL_PHONE)
TODAY = "Démonstration — temps simulé\u00a0: 12 avril 2024"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"


@pytest.fixture
def looked_at(shown, empty, visitor):
    """Every visit to a service, with the visitor who has just opened it and the answer.

    The browser would run scripts, as the accessibility rules need: the pages have none, and their
    policy forbids them.
    """

    def look(service):
        people = {}
        for visit in visits(service, shown, empty):
            slug = empty.slug if empty.slug in visit.address else shown.slug
            whose = visit.role, slug
            if whose not in people:
                people[whose] = visitor(*whose, scripts=True)
            yield visit, people[whose], people[whose].open(service, visit.address)

    return look


@pytest.mark.parametrize("service", SERVICES)
def test_every_page_is_visited(premises, service):
    declared = {
        path
        for method, path, _ in rules(premises.apps[service])
        if method == "GET"
        and not path.startswith(OF_PROGRAMS)
        and not path.endswith(("/pdf", "/csv"))
    }

    looked_at = VISITS[service].keys() | (OF_EVERY_SERVICE if service != "front" else {})
    assert declared == looked_at | ({FACT} if service != "front" else set())


@pytest.mark.parametrize("service", SERVICES)
def test_a_page_is_whole_at_every_width_accessible_and_says_which_day_it_shows(looked_at, service):
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
        wrong += [(visit.address, *found) for found in broken_rules(visitor.page)]
    assert not wrong, "\n".join(map(str, wrong))


def broken_rules(page):
    """What the accessibility rules find that is serious, at the width that the page has."""
    for found in AXE.run(page, options=OPTIONS).response["violations"]:
        if found["impact"] in ("serious", "critical"):
            yield found["id"], [node["html"][:150] for node in found["nodes"]]
