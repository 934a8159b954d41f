"""The region at its table: provinces beside the total, two versions of a definition, a total that
is not what its parts make.
"""

from dataclasses import replace
from datetime import date

import pytest
from looking import faults
from visitor import HEIGHT, PHONE, SMALL_PHONE, TABLET

from services.chassis.accounts import Role
from services.chassis.caller import Caller
from services.chassis.companies import Register
from services.reporting.indicators.register import editions
from services.reporting.region.region_clock import region_today
from services.reporting.yearly_return import YearlyReturn

YEAR = 2021
SEATS = {
    ("Hainaut", 1): (1_200, 5_000),
    ("Hainaut", 2): (300, 2_000),
    ("Liège", 1): (700, 3_500),
    ("Namur", 2): (90, 800),
    (None, 1): (60, 400),
    ("Brabant wallon", 1): (2, 300),
}
"""By province and version of the definition: I03 of one company each, the last one secret."""


def sign(reporting, definition, sides):
    """A return of other years' figures, as its manager would have signed it."""
    above, below = sides
    figure = {"indicator": "I03", "definition_version": definition, "amounts": "leases"}
    figure |= {"numerator": above, "denominator": below, "value": f"{100 * above / below:.2f}"}
    signed = {
        "known_on": "2022-01-15T08:00:00.000000+00:00",
        "cutoff": {"intake": 0, "followup": 0, "arrears": 0},
        "figures": [figure],
        "digest": "ab" * 32,
        "reason_digest": None,
    }

    def decide(act):
        identity = YearlyReturn.id_of(reporting.company.slug, YEAR)
        opening = YearlyReturn.Prepared
        made = YearlyReturn.open(opening, identity, year=YEAR, occurred_on=act.today)
        made.validate(signed, occurred_on=act.today)
        return act.save(made)

    reporting.perform(Caller(f"manager.{reporting.company.slug}"), decide)


@pytest.fixture(scope="module")
def seats(towns, premises, new_company):
    """Companies of several provinces that signed; by province and version, their names."""
    host = premises.apps["reporting"].state.frame.host
    names = {}
    for (province, definition), sides in SEATS.items():
        slug = new_company(None, f'province = "{province}"' if province else "")
        host.refresh()
        sign(host.service(slug), definition, sides)
        names[province, definition] = host.register[slug].name
    return names


@pytest.fixture
def region(seats, towns, visitor, monkeypatch):
    (first,) = editions()["I03"]
    second = replace(
        first, version=2, valid_from=date(2021, 1, 1), formula="À partir de 50\u00a0€."
    )
    monkeypatch.setitem(editions(), "I03", (first, second))  # as a file more would
    return visitor(Role.REGIONAL_AUTHORITY, towns[0].slug, scripts=True)


def open_it(region, query="indicator=I03"):
    region.open("reporting", f"/region/{YEAR}?{query}")


def rows(region, heading):
    found = region.page.get_by_role("table", name=heading).locator("tbody tr").all()
    return [
        [*(" ".join(cell.inner_text().split()) for cell in row.locator("td").all())]
        for row in found
    ]


def test_each_province_has_its_part_beside_the_regions_total(region):
    open_it(region)
    told = {(name, version): (of, part) for name, of, part, version in rows(region, "par province")}

    others = told.pop(("Province non indiquée", "1"))
    assert others[1] == "15,00 % 60 baux sur 400 baux"
    total = told.pop(("Région", "1"))
    assert total[1] == "22,02 % 1 960 baux sur 8 900 baux"
    assert told == {
        ("Brabant wallon", ""): ("0 sur 1", "rien de montré"),
        ("Hainaut", "1"): ("1 sur 2", "24,00 % 1 200 baux sur 5 000 baux"),
        ("Hainaut", "2, hors du total"): ("1 sur 2", "15,00 % 300 baux sur 2 000 baux"),
        ("Liège", "1"): ("1 sur 1", "20,00 % 700 baux sur 3 500 baux"),
        ("Namur", "2, hors du total"): ("1 sur 1", "11,25 % 90 baux sur 800 baux"),
    }
    assert (
        "R01 juste : les parts des provinces font le total de la région (1 total)." in region.told()
    )


def test_a_company_stands_with_its_province_and_with_why_it_is_in_no_total(region, seats):
    open_it(region)

    def row(*seat):
        return region.row(seats[seat]).inner_text()

    assert "Namur" in row("Namur", 2)
    assert "2, hors du total" in row("Namur", 2)
    assert seats[None, 1] in row(None, 1).splitlines()[0]
    assert "hors du total" not in row("Liège", 1)


def test_two_versions_of_a_definition_are_told_apart_and_what_each_counts(region):
    open_it(region)

    assert (
        "2 définitions de I03 sont ici l'une à côté de l'autre : 3 sociétés par la définition 1, "
        "2 sociétés par la définition 2. Leurs chiffres ne se comparent pas ; le total est de la "
        "définition 1."
    ) in region.told()
    region.page.get_by_text("Ce que I03 compte").click()
    assert "Définition 2. À partir de 50 €." in region.told()
    of_region = region.page.locator("#totaux + table tbody tr", has_text="I03").inner_text()
    assert "3 sociétés, définition 1" in of_region
    assert "2 sociétés par une autre définition, hors du total" in of_region


def test_a_version_that_the_program_has_forgotten_is_said_to_be(region, monkeypatch):
    monkeypatch.setitem(editions(), "I03", editions()["I03"][1:])
    open_it(region)
    region.page.get_by_text("Ce que I03 compte").click()

    assert "Définition 1. Le programme ne l'a plus." in region.told()


def test_a_figure_of_which_nothing_is_shown_has_no_provinces(region):
    open_it(region, "indicator=I22")

    assert not region.page.get_by_role("table", name="par province").count()
    assert "Ce que I22 compte" not in region.told()


def test_a_company_that_is_counted_twice_is_told_with_both_sides(
    region, premises, seats, monkeypatch
):
    host = premises.apps["reporting"].state.frame.host
    (slug,) = (c.slug for c in host.register if c.name == seats["Liège", 1])
    twice = Register(host.register.companies | {"another": host.register[slug]})
    monkeypatch.setattr(host, "register", twice)  # no file can say it: one table a company

    open_it(region, "indicator=I22")

    assert (
        "Contrôle R01 en échec pour I03 : les parts des provinces font le total de la région, or "
        "1 960 baux sur 8 900 baux (somme des provinces, 3 sociétés) ne font pas 2 660 baux sur "
        "12 400 baux (total de la région, 4 sociétés)."
    ) in region.told()
    assert "juste" not in region.told()


def test_what_is_downloaded_has_the_parts_that_the_page_shows(region, premises, towns):
    open_it(region)
    shown = [figure for *_, figure, _ in rows(region, "par province") if "sur" in figure]
    program = premises.program("reporting", Role.REGIONAL_AUTHORITY, towns[0].slug)
    document = program.get(f"/api/region/{YEAR}/export/json").json()
    sums = [row for row in document["rows"] if row["level"] != "company"]

    def written(number):
        return f"{number:,}".replace(",", " ")

    assert shown == [
        f"{row['value'].replace('.', ',')} % {written(row['numerator'])} baux sur "
        f"{written(row['denominator'])} baux"
        for row in sums
    ]
    assert sums[-1]["check"] == "juste"


def test_a_year_that_has_not_begun_has_no_table_in_any_form(worked, premises):
    program = premises.program("reporting", Role.REGIONAL_AUTHORITY, worked.slug)
    year = region_today().year + 1
    for of_it in ("", "/export/csv"):
        answer = program.get(f"/api/region/{year}{of_it}")
        assert answer.status_code == 422
        assert "n'a pas commencé" in answer.json()["detail"]
        assert program.get(f"/api/region/{year - 1}{of_it}").status_code == 200


def test_a_return_of_a_year_that_runs_is_not_missed_yet(worked, visitor, premises):
    somebody = visitor(Role.REGIONAL_AUTHORITY, worked.slug)
    year = region_today().year
    somebody.open("reporting", f"/region/{year}")
    program = premises.program("reporting", Role.REGIONAL_AUTHORITY, worked.slug)
    file = program.get(f"/api/region/{year}/export/csv").text

    for told in (somebody.told().lower(), file):
        assert "pas établie" in told
        assert "manquante" not in told


def test_trap_12_a_company_outside_of_the_perimeter_is_named_and_counted_nowhere(
    region, premises, towns, new_company
):
    def told():
        open_it(region)
        return rows(region, "par province"), rows(region, "Tous les chiffres")

    before, host = told(), premises.apps["reporting"].state.frame.host
    slug = new_company(None, 'commune = "Eupen"\nprovince = "Liège"')
    host.refresh()
    sign(host.service(slug), 1, (900, 1_000))
    name = host.register[slug].name

    assert told() == before
    assert f"Hors du périmètre, et ni comparées ni comptées ici : {name}." in region.told()
    assert "relève de la Communauté germanophone" in region.told()
    program = premises.program("reporting", Role.REGIONAL_AUTHORITY, towns[0].slug)
    answer = program.get(f"/api/region/{YEAR}").json()
    assert answer["outside_perimeter"] == [name]
    assert slug not in [company["company"] for company in answer["companies"]]
    document = program.get(f"/api/region/{YEAR}/export/json").json()
    assert name not in [row["company"] for row in document["rows"]]
    assert name in str(document)


@pytest.mark.parametrize("width", [TABLET, PHONE, SMALL_PHONE])
def test_the_provinces_are_whole_at_every_width(region, width):
    region.page.set_viewport_size({"width": width, "height": HEIGHT})
    open_it(region)
    region.page.get_by_text("Ce que I03 compte").click()

    assert faults(region.page) == []
