"""The report of an objectives contract: what its pages say, tagged, the same bytes each time."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from services.chassis.clock import moment_on
from services.embedded.contract_commands import contract_text
from services.reporting.exports.contract_report import contract_report
from services.reporting.exports.sheet import Kind
from services.reporting.exports.sheets import contract_sheet
from services.reporting.exports.typesetting import CONTRACT, pdf_of
from services.reporting.indicators.register import indicators
from services.reporting.objectives.contract_shown import objective
from services.reporting.objectives.contract_told import told_year
from services.reporting.objectives.followed import YearFigure, follow
from services.reporting.objectives.standing import ContractStanding, FollowedObjective
from services.reporting.yearly_return import ReturnState

TODAY = date(2026, 4, 12)
YEARS = range(2024, 2029)


def figure(above, below, value, state, known_on, *, is_over=True):
    told = {"indicator": "I01", "definition_version": 1, "amounts": "cents", "value": value}
    return YearFigure(told | {"numerator": above, "denominator": below}, state, known_on, is_over)


def said(version, words, **more):
    at = datetime(2024, 1, 1 + version, 9, tzinfo=UTC)
    return {"version": version, "words": words, "recorded_at": at, "actor": "manager.x"} | more


@pytest.fixture
def standing():
    targets = [{"year": year, "at_most": str(9 - number)} for number, year in enumerate(YEARS)]
    agreed = {
        "direction": "at-most",
        "definition_version": 1,
        "digest": "d",
        "fact": "x/reporting/1",
    }
    row = {
        "indicator": "I01",
        "theme": "finances",
        "baseline": "10",
        "settings": [said(1, 'Un #strong[but] & "un chemin"', targets=targets, **agreed)],
        "evaluations": [
            said(2, "Les plans sont tenus.", year=2024, digest="e", fact="x/reporting/2")
        ],
    }
    provisional = ReturnState.PROVISIONAL
    figures = {
        2024: {"I01": figure(8, 100, "8.00", ReturnState.VALIDATED, date(2025, 2, 3))},
        2025: {"I01": figure(85, 1000, "8.50", provisional, TODAY)},
        2026: {"I01": figure(6, 100, "6.00", provisional, TODAY, is_over=False)},
    }
    indicator = indicators()["I01"]
    followed = FollowedObjective(row, indicator, follow(row, indicator, YEARS, figures))
    contract = {"first_year": 2024, "last_year": 2028, "baseline_year": 2023}
    return ContractStanding(contract, [followed])


def test_every_objective_stands_with_its_years_its_drawing_and_its_life(standing, drawing):
    told = contract_report("foyer", standing, TODAY, drawing)

    (found,) = told["objectives"]
    assert [(y["year"], y["shown"], y["reached"]) for y in found["years"]] == [
        ("2024", "8,00\u00a0%", "atteint"),
        ("2025", "8,50\u00a0%", "pas atteint"),
        ("2026", "6,00\u00a0%", "atteint à ce jour"),
        ("2027", "pas encore", "pas de chiffre"),
        ("2028", "pas encore", "pas de chiffre"),
    ]
    assert found["now"]["standing"] == (
        "provisoire, connu le 12 avril 2026, année en cours, définition 1"
    )
    assert [len(found["life"]), told["year"]] == [2, "2026"]
    assert found["chart"].count('ref-trend__target"') == len(YEARS)
    assert "Action sociale" in dict(told["standing"])["Thèmes sans objectif chiffré"]
    assert [one["indicator"] for one in told["definitions"]] == ["I01"]


def test_a_year_before_the_log_is_not_said_to_have_no_figure_yet(standing):
    (followed,) = standing.objectives
    for one in followed.years[:2]:
        followed.years[one.year - YEARS[0]] = replace(one, found=None)
    shown = objective(followed, 2026)["years"]

    assert [year["none"] for year in shown if not year["shown"]] == ["aucun"] * 2 + [
        "pas encore",
        "pas encore",
    ]


def test_a_year_that_runs_has_reached_its_target_so_far_in_the_file_and_the_command_too(standing):
    (followed,) = standing.objectives
    rows = list(contract_sheet("foyer", standing, TODAY).rows)
    years = [told_year(one) for one in followed.years]
    named = {"indicator": "I01", "title": "t", "theme": "finances", "unit": "%", "years": years}
    years[1]["figure"]["complete"] = False

    told = contract_text(
        {"company": "x", "contract": {"first_year": 2024, "last_year": 2028}, "objectives": [named]}
    )

    assert [(row["year"], row["is_over"], row["reached"]) for row in rows[:4]] == [
        (2024, True, True),
        (2025, True, False),
        (2026, False, True),
        (2027, None, None),
    ]
    assert "at most 9: reached (validated, known on 2025-02-03)" in told
    assert "at most 8: not reached (provisional, known on 2026-04-12, not complete)" in told
    assert "at most 7: reached so far (provisional, known on 2026-04-12)" in told
    years[2] |= {"reached": None, "not_compared": "not-computable"}
    told = contract_text(
        {"company": "x", "contract": {"first_year": 2024, "last_year": 2028}, "objectives": [named]}
    )
    assert "at most 7: not compared, not computable (provisional" in told


def test_the_file_says_where_an_objective_began_as_its_page_and_its_report_do(standing):
    (followed,) = standing.objectives
    sheet = contract_sheet("foyer", standing, TODAY)

    assert {row["baseline"] for row in sheet.rows} == {Decimal(10)}
    kinds = {column.name: column.kind for column in sheet.columns}
    assert (kinds["baseline"], kinds["year"]) == (Kind.DECIMAL, Kind.YEAR)

    unknown = replace(followed, row=followed.row | {"baseline": None})
    rows = contract_sheet("foyer", replace(standing, objectives=[unknown]), TODAY).rows
    assert {row["baseline"] for row in rows} == {None}


def test_a_median_says_of_how_many_it_is_and_a_signed_figure_of_which_version(standing):
    (followed,) = standing.objectives
    plain = told_year(followed.years[1])["figure"]
    assert plain["return_version"] is None
    assert "members" not in plain

    middle = replace(followed.years[0].found, version=2)
    middle.figure.update(members=12, left_out=0)

    found = told_year(replace(followed.years[0], found=middle))["figure"]
    assert (found["members"], found["left_out"], found["return_version"]) == (12, 0, 2)


def test_a_figure_leads_to_its_own_facts_those_it_was_signed_on_or_todays(standing):
    (followed,) = standing.objectives
    signed = replace(followed.years[0].found, version=2)
    followed.years[0] = replace(followed.years[0], found=signed)

    assert [year["explained"] for year in objective(followed, 2026)["years"][:2]] == [
        "returns/2024/versions/2/I01",
        "years/2025/I01",
    ]


def test_every_figure_of_the_report_stands_with_its_day_and_its_status(standing, drawing):
    told = contract_report("foyer", standing, TODAY, drawing)
    pages = PdfReader(BytesIO(pdf_of(CONTRACT, told, moment_on(TODAY, 0)))).pages
    _, _, by_year = " ".join(page.extract_text() for page in pages).partition("Année par année")

    for words in ("validé, signé le 3 février 2025", "provisoire, connu le 12 avril 2026"):
        assert words in " ".join(by_year.split())


def test_whether_a_target_was_reached_is_not_set_a_word_a_line_out_of_the_page(standing, drawing):
    told = contract_report("foyer", standing, TODAY, drawing)
    pages = PdfReader(BytesIO(pdf_of(CONTRACT, told, moment_on(TODAY, 0)))).pages
    lines = [line.strip() for page in pages for line in page.extract_text().splitlines()]

    assert len([line for line in lines if line.endswith("pas encore pas de chiffre")]) == 2


def test_the_report_is_tagged_whole_and_has_the_same_bytes_each_time(standing, drawing):
    told = contract_report("foyer", standing, TODAY, drawing)

    first, second = (pdf_of(CONTRACT, told, moment_on(TODAY, 0)) for _ in range(2))

    assert first == second
    assert b"pdfuaid" in first
    assert b"/StructTreeRoot" in first
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(first)).pages)
    for words in ("Contrat d'objectifs 2024-2028", "Les plans sont tenus.", "#strong[but]"):
        assert words in text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Plan tenu ✅ à 12 € – « bien » !", "Plan tenu □ à 12 € – « bien » !"),
        ("Voir 日本語 et 👍🏽 : Ωμέγα → fin", "Voir □□□ et □□ : Ωμέγα → fin"),
        ("Thaï : กขค, fin", "Thaï : □□□, fin"),
    ],
)
def test_a_comment_that_no_font_can_show_is_printed_with_a_square_in_its_place(
    standing, drawing, words, shown
):
    (followed,) = standing.objectives
    row = followed.row | {"evaluations": [said(2, words, year=2024, digest="e", fact="x/r/2")]}
    told = contract_report(
        "foyer", replace(standing, objectives=[replace(followed, row=row)]), TODAY, drawing
    )

    pdf = pdf_of(CONTRACT, told, moment_on(TODAY, 0))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert "".join(shown.split()) in "".join(text.split())
    assert pdf == pdf_of(CONTRACT, told, moment_on(TODAY, 0))
