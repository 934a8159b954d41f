"""Nobody is led to a page that refuses them."""

import pytest
from premises import BUILDS

from services.chassis.accounts import Role

SERVICES = tuple(BUILDS)[1:]


@pytest.mark.parametrize("role", Role)
def test_the_front_page_offers_what_a_role_may_open_and_nothing_else(
    premises, shown, visitor, role
):
    somebody = visitor(role, shown.slug)
    somebody.open("front", "/")
    place = "main a, nav[aria-label=Services] a"
    offered = {link.get_attribute("href") for link in somebody.page.locator(place).all()}
    opened = {
        service
        for service in SERVICES
        if somebody.go(service).status == 200 and "non autorisé" not in somebody.title()
    }

    refused = [place for place in sorted(offered) if somebody.page.goto(place).status != 200]

    # What is offered opens, what opens is offered: of reporting, the region has its table alone.
    assert refused == []
    assert opened <= {
        service
        for service in SERVICES
        if any(place.startswith(somebody.link(service)) for place in offered)
    }
    assert offered
