"""A manager reads a year beside the last one, and goes from a figure to who noted its facts."""

import io
import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from premises import done
from pypdf import PdfReader

from services.chassis.accounts import Role
from services.reporting.indicators.register import editions

PARTS = ("months", "years")


@pytest.fixture
def manager(shown, visitor):
    manager = visitor(Role.MANAGER, shown.slug)
    manager.go("reporting")
    return manager


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("years/2024", "known_on"),
        ("years/2024/I19", "known_on"),
        ("interventions/overrides", "known_on"),
        ("replay/2024", "first"),
    ],
)
def test_a_moment_keeps_its_hour_in_the_form_that_shows_it(manager, page, field):
    asked = "2024-04-10T09:30:00+02:00"
    other = "&second=2024-04-11" if field == "first" else ""
    manager.go("reporting", f"{page}?{field}={asked.replace('+', '%2B')}{other}")

    assert manager.page.locator(f"#{field}").input_value() == asked
    manager.page.get_by_role("button", name=re.compile("Montrer|Rejouer")).click()
    assert manager.page.locator(f"#{field}").input_value() == asked
    assert "%2B02%3A00" in manager.page.url


def test_a_step_that_was_taken_instead_is_called_what_the_policy_calls_it(manager):
    manager.go("reporting", "interventions/overrides")

    assert "Étape prise, « Proposer un plan d'apurement »" in manager.told()
    sheet = manager.page.context.request.get(
        manager.link("reporting") + f"/api/{manager.slug}/interventions/overrides/export/csv"
    )
    assert "Proposer un plan d'apurement" in sheet.text()
    assert "propose-plan" not in sheet.text() + manager.told()


def test_the_figures_of_a_year_stand_beside_last_years(manager):
    heads = manager.page.locator("thead th").all_inner_texts()

    assert manager.title() == "Chiffres de 2024"
    assert heads == ["Chiffre", "2024, au 12/04", "2023"]
    assert "Incomplet" in manager.told()
    assert (
        "Du 1er janvier 2024 au 12 avril 2024, tels que connus le 12 avril 2024" in manager.told()
    )
    years = manager.page.get_by_role("link", name=re.compile(r"Année \d")).all_inner_texts()
    assert years == ["Année 2023"], "a year that has not begun is not offered"
    row = manager.row("I19").inner_text().replace("\u00a0", " ")
    assert "33,33 %" in row
    assert "1 bail sur 3 baux" in row
    assert "pas calculable" in row


def test_a_line_of_figures_is_no_higher_than_its_two_lines_of_text(manager):
    height = manager.row("I19").bounding_box()["height"]

    assert height < 75, "no empty line below what was counted"


def test_one_click_leads_to_the_facts_and_who_recorded_them(shown, manager):
    manager.page.get_by_role("link", name="I19").click()

    assert manager.title().replace("\u00a0", " ") == "Accueil des entrants : 33,33 %"
    for said in (
        "Formule",
        "Source",
        "Incomplet",
        "Le journal commence le 1er mars 2024",
        "tels que connus le",
        "Dernier fait pris en compte",
    ):
        assert said in manager.told()
    part = manager.page.locator("tbody tr:has(a.ref-fact)").first
    assert "Accueil" in part.inner_text()
    link = part.locator("a.ref-fact").first
    assert re.fullmatch(r"Accueil n° \d+", link.inner_text())
    manager.open("intake", urlsplit(link.get_attribute("href")).path)
    assert manager.title().startswith("Fait n°")
    assert "Noté par" in manager.told()
    assert "name : scellé" in manager.told()
    assert "sealed:" not in manager.told()


def test_the_facts_of_a_part_name_their_service_once(manager):
    manager.go("reporting", "years/2024/I01")
    rows = manager.page.locator("tbody tr:has(a.ref-fact)").all()
    told = [row.locator("a.ref-fact").all_text_contents() for row in rows]
    first, *others = next(facts for facts in told if len(facts) > 1)

    assert re.fullmatch(r"Paiements n° \d+", first)
    assert all(re.fullmatch(r"\d+", said) for said in others)


def test_a_figure_is_shown_as_it_was_known_on_a_day_of_the_past(manager):
    manager.page.get_by_label("Connu le").fill("2024-03-15")
    manager.press("Montrer")

    assert "tels que connus le 15 mars 2024, fin du jour" in manager.told()
    manager.page.get_by_role("link", name="I01").click()
    assert "tels que connus le 15 mars 2024, fin du jour" in manager.told()
    manager.follow("Chiffres de 2024")
    manager.follow("Tels que connus maintenant")
    assert "tels que connus le 12 avril 2024" in manager.told()


def test_a_figure_is_the_situation_of_a_day_and_both_clocks_go_along(shown, manager):
    manager.go("reporting", "years/2024/I19")
    manager.page.get_by_label("Situation au").fill("2024-03-31")
    manager.page.get_by_label("Connu le").fill("2024-04-10")
    manager.press("Montrer")

    assert "I19, 2024 : situation au 31 mars 2024, connue le 10 avril 2024" in manager.told()
    assert "Du 1er janvier 2024 au 31 mars 2024, tels que connus le 10 avril 2024" in manager.told()
    assert manager.page.get_by_label("Situation au").input_value() == "2024-03-31"
    clocks = "as_of=2024-03-31&known_on=2024-04-10"
    json = manager.page.get_by_role("link", name="Télécharger toutes les parts en JSON")
    assert json.get_attribute("href") == f"/api/{shown.slug}/figures/2024/I19?{clocks}"
    manager.follow("Chiffres de 2024")
    heads = manager.page.locator("thead th").all_inner_texts()
    assert heads[1:] == ["2024, au 31/03", "2023, au 31/03"], "both are counted to that day"
    row = manager.row("I19").locator("td")
    named = [row.nth(n).get_attribute("data-label") for n in range(row.count())]
    assert named == heads, "and so they are called on a phone"
    manager.page.get_by_role("link", name="I19").click()
    assert manager.page.url.endswith(f"/years/2024/I19?{clocks}")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("as_of=hier", "« hier » n'est pas un jour (AAAA-MM-JJ)"),
        ("as_of=2023-12-31", "n'est pas un jour de 2024"),
        ("as_of=2024-04-13", "Le 13 avril 2024 est à venir"),
        ("as_of=2024-04-01&known_on=2024-03-31", "rien n'est connu d'après le 31 mars 2024"),
    ],
)
def test_a_situation_that_nobody_can_know_is_refused_in_a_sentence(manager, asked, said):
    answer = manager.go("reporting", f"years/2024/I19?{asked}")

    assert answer.status == 422
    assert said in manager.told()
    manager.follow("Revenir à la page et choisir autrement")
    assert manager.page.url.endswith("/years/2024/I19")


def test_a_figure_shows_its_months_and_years_as_drawings_and_as_tables(manager):
    manager.go("reporting", "years/2024/I19")
    months, years = (manager.page.locator(f"section:has(#series-{name}-title)") for name in PARTS)

    assert months.locator("svg title").text_content() == (
        "I19 Accueil des entrants, À la fin de chaque mois de 2024"
    )
    assert months.locator("svg text").first.text_content() == "%"
    assert "31 mars 2024\u00a0: " in months.locator("svg desc").text_content()
    assert not months.locator("table").is_visible()
    months.locator("summary").click()
    assert months.locator("tbody tr").count() == 1, "the log begins in March, April runs"
    assert "Incomplet\u00a0: 2024, au 12/04." in years.inner_text()
    assert "Définition 1" in years.locator("tbody").text_content()
    manager.follow("31 mars 2024")
    assert "situation au 31 mars 2024" in manager.told()


def test_what_a_figure_is_divided_by_is_opened_by_whoever_looks_for_it(manager):
    manager.go("reporting", "years/2024/I19")
    parts = manager.page.locator("details:has(a.ref-fact)")

    assert not parts.locator("table").is_visible()
    parts.locator("summary").click()
    assert parts.locator("tbody tr").count() == 3
    assert "3 parts, d'abord celles qui ne sont pas au numérateur" in parts.inner_text()


def test_a_year_that_was_not_known_yet_is_not_offered(manager):
    manager.go("reporting", "years/2023?known_on=2023-12-31")

    years = manager.page.get_by_role("link", name=re.compile(r"Année \d")).all_inner_texts()
    assert years == ["Année 2022"]


def test_what_last_year_lacks_is_said_beside_this_one(premises, unlooked, visitor):
    officer = premises.program("intake", Role.INTAKE_OFFICER, unlooked.slug)
    operator = premises.program("reporting", Role.OPERATOR, unlooked.slug)
    place = f"/api/{unlooked.slug}"
    dwelling = {"reference": f"D-{unlooked.word}", "registered_on": "2024-04-01"}
    done(officer.post(f"{place}/dwellings", json=dwelling))
    premises.settle(unlooked.slug)
    done(operator.put(f"{place}/clock", json={"shown_at": "2025-01-31T08:00:00+01:00"}))
    manager = visitor(Role.MANAGER, unlooked.slug)
    manager.go("reporting", "years/2025")

    assert "Incomplet en 2024 Le journal commence le 12 avril 2024" in manager.told()


def test_in_january_the_start_leads_to_the_year_that_is_over(premises, unlooked, visitor):
    operator = premises.program("reporting", Role.OPERATOR, unlooked.slug)
    manager = visitor(Role.MANAGER, unlooked.slug)
    led_to = {}
    for day in ("2025-01-31", "2025-02-01"):
        done(
            operator.put(f"/api/{unlooked.slug}/clock", json={"shown_at": f"{day}T09:00:00+01:00"})
        )
        manager.go("reporting")
        led_to[day] = manager.title()

    assert led_to == {"2025-01-31": "Chiffres de 2024", "2025-02-01": "Chiffres de 2025"}


def test_the_fact_of_a_return_shows_each_figure_and_each_service_in_a_row(shown, visitor):
    auditor = visitor(Role.AUDITOR, shown.slug)
    auditor.go("reporting", "returns/2023/versions/1")
    auditor.page.locator(".govuk-summary-list__row", has_text="Fait publié").locator("a").click()

    def rows(key):
        told = auditor.page.locator(".govuk-summary-list__row", has_text=key).first
        return [row.replace("\u00a0", " ") for row in told.locator("li").all_inner_texts()]

    figures = rows("figures")
    assert len(figures) > 15
    assert figures[0].startswith("indicator : I01 ; ")
    assert [row.partition(" : ")[0] for row in rows("cutoff")] == ["intake", "followup", "arrears"]


def test_a_year_that_is_signed_leads_to_the_facts_it_was_signed_on(shown, visitor):
    auditor = visitor(Role.AUDITOR, shown.slug)
    auditor.go("reporting", "years/2023/I03")
    (year,) = auditor.page.locator("table", has_text="Établi").locator("a").all()
    assert year.get_attribute("href") == f"/{shown.slug}/returns/2023/versions/1/I03"
    auditor.go("reporting", "years/2024/I03")
    (year,) = auditor.page.locator("table", has_text="Établi").locator("a").all()
    assert year.get_attribute("href") == f"/{shown.slug}/years/2024/I03"


def test_a_figure_and_its_page_say_which_version_counted_it(shown, visitor, monkeypatch):
    (first,) = editions()["I03"]
    second = replace(first, version=2, valid_from=date(2024, 1, 1))
    monkeypatch.setitem(editions(), "I03", (first, second))  # as a file more would
    auditor = visitor(Role.AUDITOR, shown.slug)

    auditor.go("reporting", "years/2024")
    assert "Définition 1, qui ne se compare pas" in auditor.told()
    auditor.follow("2024 par la définition 1")
    assert "I03@1, 2024" in auditor.told()
    assert "Compter chaque année par la définition en vigueur" in auditor.told()

    monkeypatch.setitem(editions(), "I03", (second,))  # as a file that is gone
    auditor.go("reporting", "returns/2023/versions/1/I03")
    assert "a été signé par la définition 1, que le programme n'a plus" in auditor.told()


@pytest.mark.parametrize(
    "report", ["contracts/2024/export/pdf", "returns/2023/versions/1/export/pdf"]
)
def test_a_report_bears_the_name_of_the_company(premises, shown, report):
    answer = premises.program("reporting", Role.AUDITOR, shown.slug).get(
        f"/api/{shown.slug}/{report}"
    )
    name = premises.service("reporting", shown.slug).company.name

    first = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert name != shown.slug
    assert name in first
    assert shown.slug not in first
