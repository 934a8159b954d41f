"""The parts of the provinces make the region's total, and where they do not it is told."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest
from jsonschema import validate

from services.chassis.companies import Company
from services.reporting.exports.region_sheet import region_sheet
from services.reporting.exports.writing import written
from services.reporting.indicators.register import editions, indicators
from services.reporting.region.comparable import ComparableTable, company_row
from services.reporting.region.provinces import added_up, checked
from services.reporting.region.region_api import told_of

DUE_ON, TODAY = date(2026, 6, 30), date(2026, 7, 1)
SIGNED_AT = datetime(2026, 1, 15, 8, tzinfo=UTC)


def row(slug, province, *figures):
    version = {"figures": figures, "return_version": 1, "recorded_at": SIGNED_AT, "despite": []}
    company = Company(slug=slug, names={"fr": slug.title()}, province=province)
    return company_row(company, [version] if figures else [], True, DUE_ON, TODAY)


def figure(above, below, identity="I03", definition=1, **more):
    return {
        "indicator": identity,
        "definition_version": definition,
        "amounts": indicators()[identity].amounts.value,
        "numerator": above,
        "denominator": below,
        "value": None,
        **more,
    }


def table(*rows):
    return ComparableTable(2025, DUE_ON, list(indicators().values()), list(rows))


def of(found, identity="I03"):
    (one,) = (one for one in added_up(found) if one.indicator.id == identity)
    return one


def parts(found, identity="I03"):
    return [
        (part.province, part.definition_version, part.numerator, part.denominator, part.companies)
        for part in of(found, identity).parts
    ]


def failing(*added):
    return [one.sentence for one in checked(added) if one.fails]


REGION = (
    row("amay", "Liège", figure(10, 100)),
    row("binche", "Hainaut", figure(20, 100)),
    row("chimay", "Hainaut", figure(30, 200)),
    row("dinant", "Namur", figure(4, 100)),
    row("eupen", None, figure(40, 300)),
    row("fleurus", "Hainaut"),
)


def test_a_provinces_part_is_of_what_is_shown_of_its_companies():
    assert parts(table(*REGION)) == [
        ("Hainaut", 1, 50, 300, 2),
        ("Liège", 1, 10, 100, 1),
        (None, 1, 40, 300, 1),
    ]
    assert of(table(*REGION)).parts[0].value == "16.67"
    assert parts(table(*REGION), "I04") == []


def test_the_parts_make_the_regions_total():
    found = of(table(*REGION))

    (one,) = checked([found])
    assert (one.left, one.right) == ((100, 700, 4), (100, 700, 4))
    assert failing(*added_up(table(*REGION))) == []
    assert [one.added.indicator.id for one in checked(added_up(table(*REGION)))] == ["I03"]


@pytest.mark.parametrize("again", ["Hainaut", "Namur", None])
def test_a_company_that_the_total_counts_twice_is_caught(again):
    twice = table(*REGION, replace(REGION[2], province=again))

    (said,) = failing(*added_up(twice))

    assert said == (
        "Contrôle R01 en échec pour I03\u00a0: les parts des provinces font le total de la région, "
        "or 100 baux sur 700 baux (somme des provinces, 4 sociétés) ne font pas 130 baux sur "
        "900 baux (total de la région, 5 sociétés)."
    )


@pytest.mark.parametrize("missed", [0, 1, 2])
def test_a_province_that_is_missed_is_caught(missed):
    found = of(table(*REGION))
    left = [part for place, part in enumerate(found.parts) if place != missed]

    assert len(failing(replace(found, parts=left))) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"numerator": 101}, {"denominator": 699}, {"companies": 5}, {"definition_version": 2}],
)
def test_a_total_that_is_something_else_is_caught(wrong):
    found = of(table(*REGION))

    assert len(failing(replace(found, total=replace(found.total, **wrong)))) == 1


def test_amounts_of_money_are_told_as_such():
    rows = [row("amay", "Liège", figure(10, 100), figure(5_000, 90_000, "I01"))]
    found = of(table(*rows), "I01")

    (said,) = failing(replace(found, parts=[]))

    assert "0,00\u00a0€ sur 0,00\u00a0€ (somme des provinces, 0 société)" in said
    assert "50,00\u00a0€ sur 900,00\u00a0€ (total de la région, 1 société)" in said


TWO_VERSIONS = (
    row("amay", "Liège", figure(10, 100)),
    row("binche", "Hainaut", figure(20, 100)),
    row("chimay", "Hainaut", figure(30, 200, definition=2)),
    row("dinant", "Namur", figure(15, 100, definition=2)),
    row("eupen", None, figure(40, 300)),
)


def test_a_part_of_another_version_stands_apart_and_is_in_no_total():
    found = of(table(*TWO_VERSIONS))

    assert (found.total.definition_version, found.total.numerator) == (1, 70)
    assert parts(table(*TWO_VERSIONS)) == [
        ("Hainaut", 1, 20, 100, 1),
        ("Hainaut", 2, 30, 200, 1),
        ("Liège", 1, 10, 100, 1),
        ("Namur", 2, 15, 100, 1),
        (None, 1, 40, 300, 1),
    ]
    assert [found.counts(part.definition_version) for part in found.parts] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert failing(found) == []


def test_a_total_into_which_two_versions_were_added_is_caught():
    found = of(table(*TWO_VERSIONS))
    every = replace(found.total, numerator=115, denominator=800, companies=5)

    assert len(failing(replace(found, total=every))) == 1


def test_a_median_has_no_parts_as_it_has_no_total():
    rows = [row("amay", "Liège", figure(9, 2, "I06", members=20, left_out=5))]

    assert (of(table(*rows), "I06").total, parts(table(*rows), "I06")) == (None, [])


def test_programs_are_told_the_parts_and_the_check_with_both_sides():
    told = told_of(table(*TWO_VERSIONS))

    assert [one["province"] for one in told["companies"]] == [
        "Liège",
        "Hainaut",
        "Hainaut",
        "Namur",
        None,
    ]
    assert told["parts"]["I03"][1] == {
        "province": "Hainaut",
        "numerator": 30,
        "denominator": 200,
        "value": "15.00",
        "companies": 1,
        "definition_version": 2,
        "in_total": False,
    }
    assert told["parts"].keys() == {"I03"}
    sides = {"numerator": 70, "denominator": 500, "companies": 3}
    assert told["checks"] == [
        {
            "check": "R01",
            "words": "les parts des provinces font le total de la région",
            "indicator": "I03",
            "definition_version": 1,
            "left": sides,
            "right": sides,
            "holds": True,
        }
    ]


def test_programs_are_told_of_a_check_that_fails():
    told = told_of(table(*REGION, REGION[0]))

    assert [one["holds"] for one in told["checks"]] == [False]
    assert told["checks"][0]["left"] != told["checks"][0]["right"]


def exported(found, name):
    with written(region_sheet(found), name) as file:
        return file.read()


def lines(found):
    text = exported(found, "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_file_has_companies_provinces_and_the_region_each_at_its_level():
    read = [
        tuple(line[name] for name in ("Niveau", "Province", "Société", "Numérateur", "Sociétés"))
        for line in lines(table(*REGION))
        if line["Chiffre"] in ("I03", "") and line["Montré"] != "non"
    ]

    assert read == [
        ("société", "Liège", "Amay", "10", ""),
        ("société", "Hainaut", "Binche", "20", ""),
        ("société", "Hainaut", "Chimay", "30", ""),
        ("société", "non indiquée", "Eupen", "40", ""),
        ("société", "Hainaut", "Fleurus", "", ""),
        ("province", "Hainaut", "", "50", "2"),
        ("province", "Liège", "", "10", "1"),
        ("province", "non indiquée", "", "40", "1"),
        ("région", "", "", "100", "4"),
    ]


def test_whoever_adds_up_what_counts_in_a_file_finds_the_regions_line():
    for found in (table(*REGION), table(*TWO_VERSIONS)):
        of_figure = [line for line in lines(found) if line["Chiffre"] == "I03"]
        sums = {
            level: sum(
                int(line["Numérateur"])
                for line in of_figure
                if line["Niveau"] == level and line["Dans le total de la région"] == "oui"
            )
            for level in ("société", "province", "région")
        }

        assert len(set(sums.values())) == 1, sums
        assert {line["Définition"] for line in of_figure if line["Niveau"] == "région"} == {"1"}


def test_a_file_says_of_each_total_whether_its_parts_make_it():
    (right,) = (line for line in lines(table(*REGION)) if line["Niveau"] == "région")
    (wrong,) = (line for line in lines(table(*REGION, REGION[0])) if line["Niveau"] == "région")

    assert right["Contrôle"] == "juste"
    assert wrong["Contrôle"].startswith("Contrôle R01 en échec pour I03")


def test_a_title_is_that_of_the_version_that_counted(monkeypatch):
    first = indicators()["I03"]
    second = replace(first, version=2, title=first.title | {"fr": "Part des ménages, autrement"})
    monkeypatch.setitem(editions(), "I03", (first, second))  # as a file more would

    titles = {
        (line["Niveau"], line["Définition"]): line["Titre"]
        for line in lines(table(*TWO_VERSIONS))
        if line["Chiffre"] == "I03"
    }

    assert titles == {
        ("société", "1"): "Part des ménages en retard",
        ("société", "2"): "Part des ménages, autrement",
        ("province", "1"): "Part des ménages en retard",
        ("province", "2"): "Part des ménages, autrement",
        ("région", "1"): "Part des ménages en retard",
    }


def test_a_spreadsheet_has_the_same_lines():
    with zipfile.ZipFile(io.BytesIO(exported(table(*REGION), "xlsx"))) as book:
        first = book.read("xl/worksheets/sheet1.xml").decode()

    assert first.count("<t>province</t>") == 3
    assert first.count("<t>région</t>") == 1


@pytest.mark.parametrize("name", ["json", "parquet"])
def test_programs_find_the_same_in_a_file(name, tmp_path):
    found = table(*REGION, REGION[0])
    if name == "json":
        document = json.loads(exported(found, name))
        rows, standing = document["rows"], document["standing"]
        for one in rows:
            validate(one, document["schema"])
    else:
        path = tmp_path / "region.parquet"
        path.write_bytes(exported(found, name))
        rows = pq.read_table(path).to_pylist()
        standing = dict(json.loads(pq.read_schema(path).metadata[b"standing"]))

    levels = [one["level"] for one in rows if one["indicator"] == "I03"]
    assert levels == ["company"] * 6 + ["province"] * 3 + ["region"]
    assert rows[-2]["province"] == "not-told"
    assert standing["Contrôles"].startswith("Contrôle R01 en échec pour I03")


def test_a_file_says_that_every_check_holds():
    document = json.loads(exported(table(*REGION), "json"))

    assert document["standing"]["Contrôles"] == (
        "Contrôle R01 juste\u00a0: les parts des provinces font le total de la région (1 total)."
    )
