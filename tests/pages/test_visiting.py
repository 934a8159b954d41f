"""A référent social goes through the week's visits, with scripts off, on a tablet."""

import pytest

from services.chassis.accounts import Role

DEMONSTRATED = "12 avril 2024"


@pytest.fixture
def referent(worked, visitor):
    referent = visitor(Role.SUPPORT_OFFICER, worked.slug)
    referent.go("followup")
    return referent


def test_a_visit_is_recorded_on_one_page_after_the_list(premises, worked, referent):
    listed = referent.page.locator("tbody tr").count()
    row = referent.row("En retard")
    assert "prévue le 1er avril 2024, il y a 11 jours" in row.inner_text()
    pages = []
    referent.page.on("response", lambda answer: pages.append((answer.request.method, answer.url)))
    row.get_by_role("link", name="Noter la visite").click()

    typed = [referent.page.locator(f"#done_on-{p}").input_value() for p in ("day", "month", "year")]
    assert typed == ["12", "4", "2024"]
    assert referent.page.get_by_label("À domicile").is_checked()
    assert referent.page.locator("#performed_by").input_value() == f"support-officer.{worked.slug}"
    referent.choose("Tout va bien")
    referent.press("Noter la visite")

    opened = [url for method, url in pages if "/static/" not in url]
    assert len(opened) == 3, "the form, its act, and the household that it leads to"
    assert "Visite du premier mois faite le 12 avril 2024, à domicile : tout va bien." in (
        referent.text().replace("\u00a0", " ")
    )
    assert "par Accompagnement social" in referent.text()
    assert referent.page.get_by_role("status").inner_text() == "C'est enregistré."
    referent.follow("Visites de la semaine")
    assert not referent.page.get_by_role("status").count()
    assert referent.page.locator("tbody tr").count() == listed - 1
    assert "En retard" not in referent.text()


def test_a_visit_that_nobody_opened_the_door_to_is_noted_and_planned_again(worked, referent):
    referent.go("followup", f"households/{worked.ids['household_id']}")
    referent.row("sixième mois").get_by_role("link", name="Noter la visite").click()
    referent.follow("La visite n'a pas pu avoir lieu")
    referent.choose("Personne n'était là")
    referent.press("Noter la visite manquée")

    row = referent.row("sixième mois")
    assert "Manquée" in row.inner_text()
    assert "personne n'était là" in referent.text()
    row.get_by_role("link", name="Planifier à nouveau").click()
    referent.type_day("planned_on", "2024-04-13")
    referent.press("Planifier la visite")

    assert "prévue le 13 avril 2024" in referent.row("sixième mois").inner_text()


def test_a_forgotten_answer_is_asked_for_at_its_field(worked, referent):
    referent.go("followup", f"households/{worked.ids['household_id']}/visits/recording")
    referent.press("Noter la visite")

    link = referent.page.locator(".govuk-error-summary a")
    assert link.get_attribute("href") == "#result"
    link.click()
    assert referent.page.evaluate("document.activeElement.id") == "result"
