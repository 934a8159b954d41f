"""A page that is printed keeps what it says, and loses what only a screen can do."""

import pytest

from services.chassis.accounts import Role

LOST = """() => [...document.querySelectorAll("tbody td")].filter(
  (cell) => !cell.checkVisibility() && !["À faire", "Corriger"].includes(cell.dataset.label)
).map((cell) => cell.dataset.label + " : " + cell.textContent.trim().slice(0, 60))"""


@pytest.mark.parametrize(
    ("service", "role", "path"),
    [
        ("reporting", Role.MANAGER, "contracts"),
        ("reporting", Role.MANAGER, "interventions/corrections"),
        ("intake", Role.INTAKE_OFFICER, "vacant-dwellings"),
        ("arrears", Role.ARREARS_OFFICER, "work-list"),
    ],
)
def test_on_paper_a_list_keeps_every_column_but_those_of_acts(shown, visitor, service, role, path):
    reader = visitor(role, shown.slug, scripts=True)
    reader.go(service, path)
    reader.page.emulate_media(media="print")

    assert reader.page.locator("tbody tr").count()
    assert reader.page.evaluate(LOST) == []


@pytest.mark.parametrize(
    ("service", "role", "path"),
    [
        ("intake", Role.INTAKE_OFFICER, "new-tenants-to-welcome"),
        ("followup", Role.SUPPORT_OFFICER, "households/{household_id}"),
        ("arrears", Role.ARREARS_OFFICER, "accounts/{lease_1}"),
    ],
)
def test_on_paper_no_heading_stands_over_an_empty_column(shown, visitor, service, role, path):
    reader = visitor(role, shown.slug)
    reader.go(service, path.format(**shown.ids))
    heading = reader.page.locator("th", has_text="À faire").or_(
        reader.page.locator("th", has_text="Corriger")
    )
    assert heading.count()
    reader.page.emulate_media(media="print")

    assert [one for one in heading.all() if one.is_visible()] == []


@pytest.mark.parametrize("path", ["contracts/2024", "years/2024/I19"])
def test_on_paper_what_is_closed_on_a_screen_is_open(shown, visitor, path):
    reader = visitor(Role.MANAGER, shown.slug, scripts=True)
    reader.go("reporting", path)
    assert reader.page.evaluate(LOST), "closed on a screen"
    reader.page.emulate_media(media="print")

    assert reader.page.evaluate(LOST) == []


def test_on_paper_no_link_leads_back(shown, visitor):
    manager = visitor(Role.MANAGER, shown.slug)
    manager.go("reporting", "years/2024/I19")
    manager.page.emulate_media(media="print")

    assert not manager.page.locator(".govuk-back-link").is_visible()


def test_on_paper_how_many_there_are_in_each_list_stays(shown, visitor):
    manager = visitor(Role.MANAGER, shown.slug)
    manager.go("reporting", "interventions/corrections")
    manager.page.emulate_media(media="print")

    counts = manager.page.locator(".ref-counts li")
    assert [counts.nth(n).is_visible() for n in range(counts.count())] == [True] * 4


@pytest.mark.parametrize(
    ("service", "role", "path"),
    [
        ("intake", Role.INTAKE_OFFICER, "leases/{lease_1}/correction"),
        ("arrears", Role.ARREARS_OFFICER, "imports"),
        ("reporting", Role.MANAGER, "years/2024"),
    ],
)
def test_on_paper_there_is_nothing_to_fill_in(shown, visitor, service, role, path):
    reader = visitor(role, shown.slug)
    reader.go(service, path.format(**shown.ids))
    fields = reader.page.locator("main").locator("input, select, textarea, button")
    assert fields.count()
    reader.page.emulate_media(media="print")

    assert [field for field in fields.all() if field.is_visible()] == []
