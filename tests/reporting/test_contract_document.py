"""A contract as somebody writes it: taken whole, or refused with the line of each fault."""

import json
from pathlib import Path

import pytest

from services.__main__ import main
from services.chassis.forms import Form
from services.chassis.refusal import Malformed
from services.chassis.written import DocumentRefused, Written, read_file
from services.demonstration.objectives import contract_document as demonstration_contract
from services.reporting.objectives import contract_document
from services.reporting.objectives.bounds import read_bound
from services.reporting.objectives.contract_document import read_contract
from services.reporting.objectives.objective_forms import read_targets

EXAMPLE = Path(contract_document.__file__).with_name("contract-example.yaml")


def faults(old, new):
    """(line, field) of each fault of the example with something written otherwise."""
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    with pytest.raises(DocumentRefused) as refused:
        read_contract(Written("contract", text.replace(old, new, 1)))
    return [(fault.line, fault.field) for fault in refused.value.faults]


def test_the_example_is_read_with_exact_bounds():
    contract = read_contract(read_file(EXAMPLE))

    assert (contract.contract, contract.baseline_year, len(contract.objectives)) == (2024, 2023, 3)
    assert contract.objectives[0].targets[1] == {"year": 2025, "at_most": "8.50"}
    assert contract.objectives[0].baseline == "9.10"


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("baseline_year: 2023", "baseline_year: 2024", (3, "baseline_year")),
        (
            "2025: {at_most: 8.5}",
            "2025: {at_most: 8.555}",
            (12, "objectives.0.by_year.2025.at_most"),
        ),
        ("2025: {at_most: 8.5}", "2025: {at_least: 8}", (12, "objectives.0.by_year.2025")),
        ("2025: {at_most: 8.5}", "2025: {at_most: 850}", (12, "objectives.0.by_year.2025")),
        ("      2025: {at_most: 8.5}\n", "", (10, "objectives.0.by_year")),
        ("indicator: I03", "indicator: I99", (17, "objectives.1.indicator")),
        ("indicator: I03", "indicator: I01", (17, "objectives.1.indicator")),
        ("theme: rental", "theme: parking", (16, "objectives.1.theme")),
        ("direction: at-least", "direction: up", (28, "objectives.2.direction")),
        ("baseline: 25", "forecast: 25", (19, "objectives.1.forecast")),
        ("baseline: 25", "baseline: 250", (19, "objectives.1.baseline")),
        ("2028: {at_least: 95}", "2029: {at_least: 95}", (29, "objectives.2.by_year")),
    ],
)
def test_what_cannot_be_is_refused_by_its_line(old, new, where):
    assert where in faults(old, new)


def test_a_comma_between_braces_is_told_as_what_it_is():
    document = EXAMPLE.read_text("utf-8").replace("2025: {at_most: 8.5}", "2025: {at_most: 8,5}")
    with pytest.raises(DocumentRefused) as refused:
        read_contract(Written("contrat", document))

    (fault,) = refused.value.faults
    assert (fault.line, fault.field) == (12, "objectives.0.by_year.2025")
    assert "avec un point (8.5)" in fault.reason


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("7,5", "7.50"), (7, "7.00"), (" 12,34 ", "12.34"), ("0", "0.00")],
)
def test_a_decimal_is_read_as_people_type_it(typed, kept):
    assert read_bound(typed) == kept


@pytest.mark.parametrize("typed", ["", "7,555", "1e3", "sept", "1 2", True, None, "٣", "=1"])
def test_what_is_no_decimal_is_refused(typed):
    with pytest.raises(ValueError, match="un nombre"):
        read_bound(typed)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"most-2026": "8", "most-2027": "8 %", "most-2028": "7"}, ["most-2027"]),
        ({"most-2026": "8", "most-2027": "8", "most-2028": "-1"}, ["most-2028"]),
        (
            {f"{side}-{year}": "8" for side in ("least", "most") for year in range(2026, 2029)}
            | {"least-2027": "x"},
            ["least-2027"],
        ),
        ({"most-2026": "8", "most-2028": "7"}, ["most-2027"]),
        ({}, ["most-2028"]),
    ],
)
def test_a_target_that_cannot_be_read_is_told_once_and_not_as_one_that_lacks(typed, told):
    form = Form(typed.items())
    with pytest.raises(Malformed) as refused, form:
        read_targets(form, [2026, 2027, 2028])

    assert [error["field"] for error in refused.value.facts["errors"]] == told


def test_the_command_checks_a_document_and_names_the_lines(capsys, tmp_path):
    wrong = tmp_path / "contract.yaml"
    wrong.write_text(
        EXAMPLE.read_text("utf-8").replace("2025: {at_most: 8.5}", "2025: {at_most: x}")
    )

    assert main(["contract", "check", str(EXAMPLE)]) == 0
    assert "2024-2028" in capsys.readouterr().out
    assert main(["contract", "check", str(wrong)]) == 1
    assert "line 12, objectives.0.by_year.2025.at_most" in capsys.readouterr().err
    assert main(["contract", "check"]) == 2
    assert main(["contract", "adopt", str(EXAMPLE)]) == 2


def test_the_command_names_the_lines_in_the_order_in_which_they_are_mended(capsys, tmp_path):
    wrong = tmp_path / "contract.yaml"
    text = EXAMPLE.read_text("utf-8").replace("2025: {at_most: 8.5}", "2025: {at_most: 850}")
    wrong.write_text(text.replace("2026: {at_most: 8}", "2026: {at_least: 8}"))

    assert main(["contract", "check", str(wrong)]) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(",")[0].strip() for line in told[1:]] == ["line 12", "line 13"]


def test_the_demonstration_has_a_contract_that_can_be_adopted():
    document = json.dumps(demonstration_contract(2024))

    assert len(read_contract(Written("contract", document)).objectives) == 7
