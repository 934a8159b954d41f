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


def test_the_region_is_led_to_its_table_and_to_no_company(shown, visitor):
    region = visitor(Role.REGIONAL_AUTHORITY, shown.slug)
    region.open("reporting", "/")

    assert not region.page.locator("main a").count()
    region.page.get_by_label("Rapports").get_by_role("link", name="Comparer les sociétés").click()

    assert "société par société" in region.told()


@pytest.mark.parametrize(
    ("role", "service", "page", "label", "how"),
    [
        (Role.MANAGER, "reporting", "interventions/corrections", "Interventions", "true"),
        (Role.MANAGER, "reporting", "years/2024/I19", "Chiffres de l'année", "true"),
        (Role.MANAGER, "reporting", "contracts", "Contrat d'objectifs", "page"),
        (Role.INTAKE_OFFICER, "intake", "leases/signing", "Signer un bail", "page"),
    ],
)
def test_the_menu_marks_where_a_page_stands_even_below_what_it_names(
    shown, visitor, role, service, page, label, how
):
    somebody = visitor(role, shown.slug)
    somebody.go(service, page)

    marked = somebody.page.locator(".ref-frame__menu a[aria-current]")
    assert marked.all_inner_texts() == [label]
    assert marked.get_attribute("aria-current") == how
