"""Bands: judged on the exact quotient, by the end of the period, and never guessed."""

import json
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.__main__ import main
from services.chassis.written import DocumentRefused, Written
from services.reporting.band_files import BandFiles
from services.reporting.bands import judge, read_bands
from services.reporting.pages import worded
from services.reporting.quotients import exact_quotient

EXAMPLE = Path(__file__).parents[2] / "services" / "reporting" / "bands-example.yaml"
END = date(2025, 12, 31)


def bands_of(*bands, unit="percent", more=""):
    lines = "\n".join(f"      - {band}" for band in bands)
    return (
        f"indicator: I01\nunit: {unit}\nsets:\n"
        f"  - version: v\n    valid_from: 2025-01-01\n    bands:\n{lines}\n{more}"
    )


def judged(text, numerator, denominator, end=END):
    bands = read_bands(Written("bands", text))
    return judge(bands, Fraction(numerator), Fraction(denominator), end)


THREE = bands_of(
    "{label: low, score: 3, less_than: 5}",
    "{label: middle, score: 2, at_least: 5, at_most: 9.1}",
    "{label: high, score: 1, more_than: 9.1}",
)


@pytest.mark.parametrize(
    ("numerator", "denominator", "label"),
    [
        (4999999, 100000000, "low"),
        (5, 100, "middle"),
        ("9.1", 100, "middle"),
        (91000001, 1000000000, "high"),  # 9.10 % once rounded
        (-1, 100, "low"),
    ],
)
def test_a_value_is_judged_before_it_is_rounded(numerator, denominator, label):
    assert judged(THREE, numerator, denominator).band == label


def test_a_ratio_is_not_multiplied():
    most = bands_of("{label: most, at_least: 0.5, less_than: 0.6}", unit="ratio")

    assert judged(most, 1, 2).band == "most"


def test_a_value_between_two_bands_is_a_gap_that_is_told_exactly():
    found = judged(bands_of("{label: a, less_than: 5}", "{label: b, more_than: 5}"), 1, 20)

    assert (found.band, found.score) == (None, None)
    assert found.definition_gap == "la version v n'a pas de bande pour 5\u00a0%"


def test_a_period_before_the_first_set_is_a_gap_and_its_last_day_is_within():
    more = (
        "  - {version: old, valid_from: 2020-01-01, valid_until: 2022-12-31, bands: [{label: o}]}\n"
    )
    text = bands_of("{label: n}", more=more)

    assert judged(text, 1, 2, date(2022, 12, 31)).band == "o"
    assert "finit le 2023-12-31" in judged(text, 1, 2, date(2023, 12, 31)).definition_gap
    assert judged(text, 1, 2, date(2025, 1, 1)).version == "v"


def test_a_denominator_of_zero_has_neither_band_nor_gap():
    found = judged(THREE, 1, 0)

    assert (found.band, found.definition_gap) == (None, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (bands_of("{label: a, at_most: 5}", "{label: b, at_least: 5}"), "dans «\u00a0a\u00a0»"),
        (bands_of("{label: a}", "{label: b, at_least: 5}"), "dans «\u00a0a\u00a0»"),
        (bands_of("{label: a, at_least: 5, less_than: 5}"), "Aucune valeur"),
        (bands_of("{label: a, at_least: 5, more_than: 5}"), "pas les deux"),
        (bands_of("{label: a, at_least: five}"), "Un nombre"),
        (bands_of("{label: a, from: 5}"), "n'existe pas ici"),
        (
            bands_of(
                "{label: a}", more="  - {version: w, valid_from: 2026-01-01, bands: [{label: o}]}\n"
            ),
            "version v a déjà des bandes",
        ),
        (THREE.replace("2025-01-01", "2025-02-30"), "qui existe"),
        (THREE.replace("2025-01-01", "2025-W01-3"), "AAAA-MM-JJ"),
        (THREE.replace("I01", "X"), "deux chiffres"),
    ],
)
def test_bands_that_overlap_or_cannot_be_are_refused_with_the_line(text, reason):
    with pytest.raises(DocumentRefused) as refused:
        judged(text, 1, 2)

    (fault, *_) = refused.value.faults
    assert reason in fault.reason
    assert fault.line > 0


@given(
    edges=st.lists(st.integers(-50, 150), min_size=1, max_size=5, unique=True).map(sorted),
    included=st.booleans(),
    numerator=st.integers(-200, 400),
    denominator=st.integers(1, 200),
)
def test_bands_side_by_side_leave_no_gap(edges, included, numerator, denominator):
    low, high = ("at_least", "less_than") if included else ("more_than", "at_most")
    bounds = [(None, edges[0]), *pairwise(edges), (edges[-1], None)]
    bands = [
        {"label": f"b{n}"}
        | ({low: a} if a is not None else {})
        | ({high: b} if b is not None else {})
        for n, (a, b) in enumerate(bounds)
    ]
    text = bands_of(*(json.dumps(band) for band in bands))

    value = Fraction(numerator * 100, denominator)
    number = sum(value >= edge if included else value > edge for edge in edges)
    assert judged(text, numerator, denominator).band == f"b{number}"


def test_the_command_answers_alone(capsys):
    given_ = ["--numerator", "9.3", "--denominator", "100", "--period-end", "2025-12-31"]

    code = main(["bands", "--bands", str(EXAMPLE), *given_, "--format", "json"])

    answer = json.loads(capsys.readouterr().out)
    assert code == 1
    assert (answer["value"], answer["band"]) == ("9.30", None)
    assert "version 2025" in answer["definition_gap"]


@given(numerator=st.integers(-(10**6), 10**6), denominator=st.integers(1, 10**4))
def test_a_quotient_is_rounded_half_up(numerator, denominator):
    exact = Fraction(numerator, denominator)

    shown = Fraction(exact_quotient(Fraction(numerator), Fraction(denominator)))

    assert abs(shown - exact) <= Fraction(1, 200)
    if abs(shown - exact) == Fraction(1, 200):
        assert abs(shown) > abs(exact)


def test_a_file_that_cannot_be_used_is_not_told_as_bands_that_are_not_defined(tmp_path):
    figure = {"indicator": "I03", "definition_version": 1, "amounts": "leases", "unit": "%"}
    figure |= {"numerator": 3, "denominator": 40, "value": "7.50", "source_status": "sourced"}
    figure |= {"band": None, "definition_gap": None}
    (tmp_path / "I03.yaml").write_text("indicator: I03", "utf-8")

    attached = BandFiles(tmp_path).attach(figure, date(2025, 12, 31))

    assert attached["definition_gap"].startswith("bands/I03.yaml")
    assert worded(attached)["judged"] == "sans appréciation"
