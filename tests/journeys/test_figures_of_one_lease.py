"""Figures at their edges, with one lease: what comes early, twice, too late or not at all."""

from datetime import date
from uuid import uuid4

import pytest

from contracts.envelope import read_envelope as read
from contracts.followup import VisitKind, VisitPlace, VisitResult
from contracts.intake import EndReason
from services.arrears.imports import FileKind, import_file
from services.chassis.refusal import Malformed
from services.demonstration.coda_writer import Booking, write_statement
from services.followup import shown as followup_shown
from services.intake import lookups
from services.intake.leaseholders import Person
from services.intake.letting import payment_reference_of

MARCH = date(2024, 3, 1)
LATER = date(2024, 12, 30)


@pytest.fixture
def let(company):
    company.intake.register_dwelling(company.me, "D1", date(2020, 1, 1))
    company.intake.sign_lease(company.me, "L1", "D1", MARCH, 30_000, 0, [Person("Zoé Evrard")])
    company.settle()
    return company


def visit(company, done_on, place=VisitPlace.HOME):
    lease_id = company.lease_id("L1")
    household = lookups.lease(company.intake, lease_id).household_id
    company.followup.record_visit(
        company.me,
        household,
        uuid4(),
        lease_id,
        VisitKind.COURTESY,
        done_on=done_on,
        place=place,
        performed_by="agent-01",
        result=VisitResult.ALL_WELL,
    )


def sides(company, indicator, known_on=None, year=2024):
    company.settle()
    explained = company.reporting.explain(indicator, year, known_on)
    return explained["figure"]["numerator"], explained["figure"]["denominator"]


def test_an_earlier_visit_takes_nothing_from_one_that_counts(let):
    let.go_to(LATER)
    visit(let, date(2024, 9, 10))
    assert sides(let, "I20") == (1, 1)

    visit(let, date(2024, 2, 20))
    visit(let, date(2024, 3, 5), VisitPlace.OFFICE)

    assert sides(let, "I20") == (1, 1)


def test_a_visit_before_the_lease_or_after_its_term_does_not_count(let):
    let.go_to(LATER)
    visit(let, date(2024, 2, 20))
    visit(let, date(2024, 9, 17))

    assert sides(let, "I20") == (0, 1)


def test_a_planned_visit_whose_cause_was_none_is_not_missing(let):
    text = "lease;month;rent;charges\nL1;2024-03;300;0\n"
    import_file(let.arrears, let.me, FileKind.RENT_ROLL, "roll.csv", text.encode())
    let.go_to(date(2024, 3, 20))
    paid = Booking(30_000, date(2024, 3, 8), communication="loyer")
    content = write_statement("BE68539007547034", 1, date(2024, 3, 18), 0, [paid])
    import_file(let.arrears, let.me, FileKind.CODA, "1.cod", content)
    let.settle()
    week = followup_shown.week(let.followup, date(2024, 3, 20)).rows
    (proposed,) = [row for row in week if row["kind"] == "arrears"]
    planned = proposed["household_id"], proposed["visit_id"], let.lease_id("L1")
    let.followup.plan_visit(let.me, *planned, VisitKind.ARREARS, date(2024, 4, 10))
    assert sides(let, "I21") == (0, 3)

    with let.arrears.datastore.reading() as rows:
        (waiting,) = rows.execute("SELECT payment_id FROM unmatched_payment").fetchall()
    let.arrears.assign_payment(let.me, waiting["payment_id"], let.lease_id("L1"))

    assert sides(let, "I21") == (0, 2)


def test_a_lease_whose_last_day_it_is_is_no_longer_in_force_that_evening(let):
    let.go_to(date(2024, 12, 31))
    assert sides(let, "I03") == (0, 1)

    let.intake.end_lease(let.me, let.lease_id("L1"), date(2024, 12, 31), EndReason.NOTICE)

    assert sides(let, "I03") == (0, 0)


def test_a_year_that_has_not_begun_has_no_figures(let):
    with pytest.raises(Malformed, match="n'avait pas commencé"):
        let.reporting.report(2025, "2024-12-31")
    with pytest.raises(Malformed, match="n'avait pas commencé"):
        let.reporting.report(2024, "2023-12-31")


def test_what_the_log_does_not_cover_is_said(let):
    let.go_to(date(2024, 4, 2))
    let.settle()

    told = let.reporting.report(2024)
    assert (told["complete"], told["bank_complete_until"]) == (False, None)
    assert any("Le journal commence le 1er mars 2024" in sentence for sentence in told["missing"])
    before = let.reporting.report(2024, "2024-02-01")
    assert before["missing"][0] == "Rien n'était encore enregistré."


def test_a_figure_that_looks_further_back_than_the_log_says_so(let):
    """The rents of twelve months are divided by, whatever month they end with; the year itself is
    whole.
    """
    let.go_to(date(2026, 1, 2))
    let.settle()

    def lacks(name, as_of=None):
        told = let.reporting.explain(name, 2025, None, as_of)
        return [sentence for sentence in told["missing"] if "journal" in sentence]

    said = "et le journal ne commence que le 1er mars 2024."
    assert lacks("I01") == lacks("I03", "2025-01-31") == []
    assert lacks("I01", "2025-03-01") == []
    assert lacks("I01", "2025-02-28") == [
        f"I01 compte ce qui s'est passé depuis le 29 février 2024, {said}"
    ]
    assert lacks("I22") == [f"I22 compte ce qui s'est passé depuis le 1er janvier 2024, {said}"]
    assert let.reporting.report(2025, None, "2025-02-28")["missing"][0] == (
        "I13 et I22 remontent jusqu'au 1er janvier 2024, I01 et I02 jusqu'au 29 février 2024, "
        f"{said}"
    )


def test_whoever_recorded_a_cited_fact_is_named_beside_it(let):
    let.go_to(date(2024, 4, 2))
    let.intake.end_lease(let.me, let.lease_id("L1"), date(2025, 1, 31), EndReason.NOTICE)
    let.settle()

    (part,) = let.reporting.explain("I03", 2024)["denominator_parts"]
    named = {fact.actor for fact in map(read, let.facts("intake")) if fact.id in part["facts"]}

    assert part["facts"] == sorted(part["facts"], key=lambda identity: int(identity.split("/")[2]))
    assert set(part["actor"].split(", ")) == named


def told(company, first, second):
    company.settle()
    return {
        change["indicator"]: (
            change["before"],
            change["after"],
            [cause["kind"] for cause in change["because"]],
        )
        for change in company.reporting.differences(2024, first, second)["changes"]
    }


def test_what_moved_between_two_days_is_told_with_the_fact_and_whether_it_was_late(let):
    let.go_to(LATER)
    visit(let, date(2024, 9, 10))
    let.go_to(date(2024, 12, 31))

    days = ["2024-02-15", "2024-12-30"]
    told_of_days = [let.reporting.report(2024, day)["missing"] for day in days]
    assert told_of_days[0] != told_of_days[1]
    assert let.reporting.differences(2024, *reversed(days))["missing"] == told_of_days
    assert told(let, "2024-12-29", "2024-12-30") == {"I20": ("0.00", "100.00", ["late"])}
    assert told(let, "2024-12-30", "2024-12-29") == {"I20": ("0.00", "100.00", ["late"])}
    assert told(let, "2024-12-30", "2024-12-30") == {}


def test_a_withdrawn_record_that_moves_a_figure_is_a_correction(let):
    let.go_to(LATER)
    visit(let, date(2024, 9, 10))
    let.settle()
    let.go_to(date(2024, 12, 31))
    household = lookups.lease(let.intake, let.lease_id("L1")).household_id
    (made,) = [
        row
        for row in followup_shown.household(let.followup, household, date(2024, 12, 31)).visits
        if row["done_on"] == date(2024, 9, 10)
    ]
    let.followup.withdraw_visit(let.me, household, made["visit_id"])

    found = told(let, "2024-12-30", "2024-12-31")
    assert found.pop("I20") == ("100.00", "0.00", ["correction"])
    assert set(found) == {"I11", "I12"}, "their mean has the end of December too"


def test_bands_that_an_operator_attaches_are_told_with_the_figure(let):
    let.go_to(LATER)
    visit(let, date(2024, 9, 10))
    let.settle()
    folder = let.reporting.bands.folder
    folder.mkdir(exist_ok=True)
    bands = (
        "indicator: I20\nsets:\n  - version: a\n    valid_from: {}\n    bands:\n"
        "      - {{label: tous, score: 3, at_least: 100}}\n"
    )

    def found(text):
        (folder / "I20.yaml").write_text(text, "utf-8")
        figure = let.reporting.explain("I20", 2024)["figure"]
        return figure["band"], figure["definition_gap"]

    assert found(bands.format("2024-01-01")) == ("tous", None)
    assert "aucune bande de I20" in found(bands.format("2025-01-01"))[1]
    assert "Ligne 6" in found(bands.format("2024-01-01").replace("score: 3", "points: 3"))[1]
    assert found(bands.format("2024-01-01").replace("100", "101"))[0] is None
    (folder / "I20.yaml").unlink()
    assert let.reporting.explain("I20", 2024)["figure"]["definition_gap"] is None


@pytest.mark.parametrize(
    ("ended_on", "reason", "expected"),
    [
        (None, None, (1, 1)),
        (date(2025, 3, 2), EndReason.NOTICE, (1, 1)),
        (date(2025, 3, 1), EndReason.NOTICE, (0, 1)),
        (date(2024, 9, 30), EndReason.EVICTION, (0, 1)),
        (date(2024, 9, 30), EndReason.TRANSFER, (1, 1)),
        (date(2024, 9, 30), EndReason.DEATH, (0, 0)),
        (date(2025, 3, 2), EndReason.DEATH, (1, 1)),
    ],
)
def test_a_new_tenant_is_kept_when_the_lease_runs_on_its_anniversary(
    let, ended_on, reason, expected
):
    let.go_to(date(2025, 3, 3))
    if ended_on is not None:
        let.intake.end_lease(let.me, let.lease_id("L1"), ended_on, reason)

    assert sides(let, "I22", year=2025) == expected
    assert sides(let, "I22", "2025-02-28", year=2025) == (0, 0)


def test_a_departed_tenant_s_debt_is_not_a_present_one_s(let):
    let.go_to(date(2024, 6, 30))
    roll = b"lease;month;rent;charges\nL1;2024-04;300;0\n"
    import_file(let.arrears, let.me, FileKind.RENT_ROLL, "roll.csv", roll)
    let.intake.end_lease(let.me, let.lease_id("L1"), date(2024, 5, 31), EndReason.NOTICE)

    assert sides(let, "I02") == (300_00, 300_00)
    assert sides(let, "I01") == (0, 300_00)


def test_money_that_cleared_a_debt_is_told_although_nothing_of_the_debt_is_left(let):
    let.go_to(date(2024, 12, 29))
    roll = b"lease;month;rent;charges\nL1;2024-04;300;0\n"
    import_file(let.arrears, let.me, FileKind.RENT_ROLL, "roll.csv", roll)
    let.settle()
    let.go_to(LATER)
    reference = payment_reference_of(let.slug, "L1")
    paid = Booking(300_00, date(2024, 12, 20), structured=reference)
    content = write_statement("BE68539007547034", 1, date(2024, 12, 20), 0, [paid])
    import_file(let.arrears, let.me, FileKind.CODA, "one.cod", content)
    let.settle()
    let.go_to(date(2024, 12, 31))

    moved = told(let, "2024-12-29", "2024-12-30")

    assert moved["I01"] == ("100.00", "0.00", ["late"])
    assert moved["I03"] == ("100.00", "0.00", ["late"])
