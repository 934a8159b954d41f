"""A manager at the objectives contract, and the region at what companies have signed."""

import re

import pytest

from services.chassis.accounts import Role
from services.chassis.names import plain_name
from services.reporting.region.region_clock import region_today

THIS_YEAR = region_today().year
AMENDMENT = "contracts/2024/objectives/I19/amendment"


@pytest.fixture
def manager(worked, visitor):
    return visitor(Role.MANAGER, worked.slug)


def test_a_figure_of_facts_that_are_incomplete_says_so_beside_its_target(manager):
    manager.go("reporting", "contracts/2024")

    assert "année en cours, incomplet, définition" in manager.row("I19").inner_text()


def test_an_objective_leads_to_its_own_page_and_its_years_are_opened(manager):
    manager.go("reporting", "contracts/2024")
    years = manager.page.locator("#I19 details")
    assert not years.locator("table").is_visible()
    years.locator("summary").click()

    assert years.locator("tbody tr").count() == 5
    manager.row("I19").get_by_role("link", name="I19 Accueil des entrants").click()
    assert manager.title() == "Objectif I19 Accueil des entrants"
    assert manager.page.locator("tbody tr").first.is_visible()


def test_whoever_met_another_change_sees_what_stands_beside_what_they_typed(manager, visitor):
    manager.go("reporting", AMENDMENT)
    manager.page.locator("#least-2028").fill("97")
    manager.type("Raison", "La première")
    another = visitor(Role.MANAGER, manager.slug)
    another.go("reporting", AMENDMENT)
    another.page.locator("#least-2028").fill("98")
    another.type("Raison", "La seconde")
    another.press("Modifier les cibles")

    manager.press("Modifier les cibles")

    assert "Modifié entre-temps" in manager.told()
    assert "2028, au moins 98 %." in manager.told()
    assert manager.page.locator("#least-2028").input_value() == "97"


def test_whoever_evaluates_second_sees_what_the_first_wrote(manager, visitor):
    another = visitor(Role.MANAGER, manager.slug)
    for somebody, words in ((manager, "Ce qui suit"), (another, "Ce qui précède")):
        somebody.go("reporting", "contracts/2024/objectives/I19/evaluation?year=2024")
        somebody.type("Évaluation", words)
    another.press("Enregistrer l'évaluation")
    manager.press("Enregistrer l'évaluation")

    assert "Aujourd'hui : « Ce qui précède »" in manager.told()
    assert manager.page.locator("#comment").input_value() == "Ce qui suit"


def test_a_year_that_has_not_begun_is_not_offered_for_evaluation(manager):
    for page, offered in (("", 1), ("/objectives/I19", 1), ("/objectives/I19/evaluation", 0)):
        for year, times in ((2024, offered), (2025, 0)):
            manager.go("reporting", f"contracts/2024{page}?year={year}")
            ways = manager.page.locator("main a", has_text=re.compile(f"^Évaluer (I19 en )?{year}"))
            assert ways.count() == times
    assert "L'année 2025 n'a pas commencé" in manager.told()
    assert manager.page.get_by_role("button", name="Enregistrer l'évaluation").count() == 0


def test_what_is_wrong_with_a_years_target_stands_beside_it(manager):
    manager.go("reporting", AMENDMENT)
    manager.page.locator("#least-2028").fill("955")
    manager.type("Raison", "Une virgule oubliée")
    manager.press("Modifier les cibles")

    assert "Cible de 2028\u00a0: 100\u00a0% au plus." in manager.row("2028").inner_text()
    assert manager.page.locator("#least-2028").input_value() == "955"
    assert manager.page.locator('.govuk-error-summary a[href="#at_2028"]').count() == 1


def test_an_objective_is_found_however_its_number_is_written(manager):
    manager.go("reporting", AMENDMENT.replace("I19", "i19"))
    manager.page.locator("#least-2028").fill("96")
    manager.type("Raison", "En minuscules")
    manager.press("Modifier les cibles")

    assert "« En minuscules »" in manager.told()


@pytest.mark.parametrize("page", ["contracts/2024", "contracts/2024/objectives/I19"])
def test_a_year_that_is_not_of_the_contract_is_refused_and_not_another_shown(manager, page):
    answer = manager.go("reporting", f"{page}?year=2040")

    assert answer is None or answer.status == 409
    assert "Ce contrat court de 2024 à 2028" in manager.told()
    manager.go("reporting", f"{page}?year=2025")
    assert "2025" in manager.told()


def test_a_contract_of_wrong_years_is_withdrawn_and_its_years_are_free_again(manager):
    manager.go("reporting", "contracts")
    manager.type("Première année", "2033")
    manager.type("Année de l'état des lieux", "2032")
    manager.press("Enregistrer le contrat")
    assert "0 objectif" not in manager.told()
    manager.follow("Annuler ce contrat")
    assert "il n'aura jamais existé" in manager.told()
    manager.press("Annuler le contrat")

    assert manager.title() == "Contrats d'objectifs"
    assert "2033" not in manager.page.locator("table").inner_text()
    manager.go("reporting", "contracts/2033")
    assert "Aucun contrat d'objectifs ne commence en 2033" in manager.told()


def test_an_objective_that_was_a_mistake_is_withdrawn_and_one_that_was_evaluated_is_not(manager):
    manager.go("reporting", "contracts/2024/objectives")
    for chosen in ("rental", "I21"):
        manager.page.locator(f"input[value={chosen}]").check()
    for year in range(2024, 2029):
        manager.page.locator(f"#most-{year}").fill("8")
    manager.press("Ajouter l'objectif")
    objective = manager.page.get_by_role("link", name=re.compile("^I21"))
    objective.first.click()
    manager.follow("Retirer l'objectif")
    manager.press("Retirer l'objectif")
    assert objective.count() == 0

    manager.go("reporting", "contracts/2024/objectives/I19/evaluation?year=2024")
    manager.type("Évaluation", "Une bonne année")
    manager.press("Enregistrer l'évaluation")
    assert manager.page.get_by_role("link", name="Retirer l'objectif").count() == 0
    manager.go("reporting", "contracts/2024/objectives/I19/withdrawal")
    assert manager.page.locator(".govuk-back-link").inner_text() == "Objectif I19"
    manager.press("Retirer l'objectif")
    assert "I19 a été évalué" in manager.told()


@pytest.mark.parametrize(
    ("year", "offered"),
    [(1990, ["Année 1991"]), (THIS_YEAR, [f"Année {THIS_YEAR - 1}"]), (THIS_YEAR + 1, [])],
)
def test_the_region_is_offered_no_year_that_has_no_page(worked, visitor, year, offered):
    region = visitor(Role.REGIONAL_AUTHORITY, worked.slug)
    region.open("reporting", f"/region/{year}")

    years = region.page.get_by_role("link", name=re.compile(r"Année \d"))
    assert years.all_inner_texts() == offered


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.REGIONAL_AUTHORITY, "/region/2023"),
        (Role.MANAGER, "/{slug}/contracts/2024"),
        (Role.MANAGER, "/{slug}/years/2024"),
        (Role.MANAGER, "/{slug}/returns/2023"),
    ],
)
def test_every_kind_of_file_that_there_is_is_offered(worked, visitor, role, page):
    somebody = visitor(role, worked.slug)
    somebody.open("reporting", page.format(slug=worked.slug))

    links = somebody.page.get_by_role("link", name=re.compile("^Télécharger"))
    kinds = {words.rsplit(" ", 1)[-1] for words in links.all_inner_texts()}
    assert kinds - {"PDF"} == {"XLSX", "CSV", "Parquet", "JSON"}
    assert all("/export/" in link.get_attribute("href") for link in links.all())


def test_the_region_looks_at_one_figure_of_every_company_and_goes_to_another(worked, visitor):
    region = visitor(Role.REGIONAL_AUTHORITY, worked.slug)
    region.open("reporting", "/region/2023?state=signed")
    companies = region.page.locator("table").first.locator("tbody tr")
    lines = companies.count()

    assert region.title() == "I01 Taux d'arriérés, locataires présents"
    region.page.get_by_role("link", name="I22").click()
    assert region.title() == "I22 Maintien à douze mois"
    assert companies.count() == lines, "what was kept stays from figure to figure"


def test_the_region_finds_a_company_by_a_part_of_its_name_whatever_its_accents(worked, visitor):
    region = visitor(Role.REGIONAL_AUTHORITY, worked.slug)
    region.open("reporting", "/region/2023")
    rows = region.page.locator("table").first.locator("tbody tr")
    every = rows.count()
    region.type("Nom de la société", worked.slug.upper())
    region.press("Montrer")

    assert (every > 1, rows.count()) == (True, 1)
    assert f"1 société sur {every}" in region.told()
    assert plain_name("LIÈGE-Ôtée") == "liege-otee"
    region.type("Nom de la société", "introuvable")
    region.press("Montrer")
    assert "Aucune société ne correspond à ce qui est demandé." in region.told()
    assert region.page.locator("table").count() == 1, "no heading without a line below it"


def test_the_heading_of_the_regions_table_stays_in_sight(worked, visitor):
    region = visitor(Role.REGIONAL_AUTHORITY, worked.slug)
    region.open("reporting", "/region/2023")
    region.page.set_viewport_size({"width": 1200, "height": 400})
    last = region.page.locator("table").first.locator("tbody tr").last
    last.scroll_into_view_if_needed()

    assert region.page.locator("thead th").first.bounding_box()["y"] >= 0
