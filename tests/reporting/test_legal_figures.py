"""I10 to I13, from facts made up one by one: what counts, in which year, of how many leases."""

from datetime import UTC, date, datetime
from fractions import Fraction

from told import NOW

from services.reporting.differences import differences
from services.reporting.figures import (
    counts_of,
    figure,
    known_on,
    period_of,
)
from services.reporting.indicators.register import indicator
from services.reporting.parts import parts
from services.reporting.quotients import fraction_of


def test_i11_petitions_are_divided_by_the_exact_mean_of_the_months_ends(company):
    company.let(1, date(2020, 1, 1))
    company.let(2, date(2024, 3, 31))  # the evenings of 31 March to 31 December: ten
    company.let(3, date(2020, 1, 1), ended_on=date(2024, 6, 30))  # no more on that evening: five
    for day in (date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)):
        company.say("arrears.court-petition-filed", lease=1, filed_on=day)
    company.take()

    found = company.figure("I11", 2024)

    assert found["numerator"] == 2
    assert found["denominator"] == {"num": 9, "den": 4}  # (12 + 10 + 5) / 12
    assert found["value"] == "88.89"


def test_a_mean_that_is_whole_is_a_number_and_its_parts_add_up_to_it(company):
    company.let(1, date(2020, 1, 1))
    company.let(2, date(2020, 1, 1))
    company.take()
    chosen, period = indicator("I12"), period_of(2024, NOW)

    assert company.sides("I12", 2024) == (0, 2)
    with company.taker.store.read() as cursor:
        told = parts(cursor, chosen.denominator, period, NOW, "alpha")
    assert [part["amount"] for part in told] == [12, 12]
    total = Fraction(sum(part["amount"] for part in told), counts_of(chosen, period))
    assert total == fraction_of(company.figure("I12", 2024)["denominator"])


def test_of_a_year_that_runs_the_months_that_have_passed_count(company):
    company.let(1, date(2027, 4, 1))
    company.take()

    # Known on 1 June 2027: of the five evenings that have passed it ran on two.
    assert company.sides("I11", 2027) == (0, {"num": 2, "den": 5})


def test_a_mean_that_another_months_end_moves_is_told_as_moved_and_by_no_fact(company):
    company.let(1, date(2020, 1, 1))
    company.let(2, date(2027, 5, 2))
    company.take()
    days = [known_on(day, NOW.before) for day in ("2027-05-30", "2027-05-31")]

    with company.taker.store.read() as cursor:
        changes = differences(cursor, "alpha", 2027, *days)["changes"]

    (moved,) = [change for change in changes if change["indicator"] == "I11"]
    assert moved["figure_before"]["denominator"] == 1
    assert moved["figure_after"]["denominator"] == {"num": 6, "den": 5}
    assert moved["because"] == []


def test_what_ended_between_two_months_ends_moved_their_mean(company):
    company.let(1, date(2020, 1, 1))
    company.let(2, date(2020, 1, 1))
    company.say(
        "intake.lease-ended",
        lease=2,
        ended_on=date(2027, 5, 20),
        on=date(2027, 5, 20),
        at=datetime(2027, 5, 25, tzinfo=UTC),
    )
    company.take()
    days = [known_on(day, NOW.before) for day in ("2027-05-15", "2027-05-31")]

    with company.taker.store.read() as cursor:
        changes = differences(cursor, "alpha", 2027, *days)["changes"]

    # At four month ends of four, then at four of five: the lease counts as often, and weighs less.
    (moved,) = [change for change in changes if change["indicator"] == "I12"]
    assert moved["figure_after"]["denominator"] == {"num": 9, "den": 5}
    assert moved["because"] == [{"fact": "alpha/intake/3", "kind": "new"}]


def test_in_january_no_month_has_passed_and_nothing_can_be_said(company):
    company.let(1, date(2020, 1, 1))
    company.take()
    early = known_on("2026-01-15", datetime(2027, 6, 1, tzinfo=UTC))

    with company.taker.store.read() as cursor:
        found = figure(cursor, indicator("I11"), period_of(2026, early), early)

    assert (found["denominator"], found["value"], found["computable"]) == (0, None, False)


def test_i12_an_eviction_counts_in_the_year_in_which_it_was_executed(company):
    company.let(1, date(2020, 1, 1))
    for lease, day in ((1, date(2024, 1, 1)), (2, date(2024, 12, 31)), (3, date(2025, 1, 1))):
        company.say("arrears.eviction-executed", lease=lease, judgment="j", executed_on=day)
    company.take()

    assert company.sides("I12", 2024) == (2, 1)
    assert company.sides("I12", 2025) == (1, 1)


def test_i10_the_last_answer_of_the_year_counts_once_a_household(company):
    for lease, kind, day in (
        (1, "refused", date(2024, 2, 1)),
        (1, "accepted", date(2024, 3, 1)),
        (2, "accepted", date(2024, 2, 1)),
        (2, "refused", date(2024, 2, 1)),  # on one day, what was noted last
        (3, "accepted", date(2023, 12, 31)),
        (4, "refused", date(2024, 12, 31)),
    ):
        company.say(f"arrears.budget-guidance-{kind}", lease=lease, answered_on=day)
    company.take()

    assert company.sides("I10", 2024) == (1, 3)
    assert company.sides("I10", 2025) == (0, 0)
    assert not company.figure("I10", 2025)["computable"]


def test_trap_15_a_judgment_of_the_year_before_executed_within_twelve_months_counts(company):
    for lease, given_on, executed_on in (
        (1, date(2024, 12, 15), date(2025, 11, 20)),
        (2, date(2024, 3, 1), date(2025, 3, 1)),  # on the day
        (3, date(2024, 3, 1), date(2025, 3, 2)),  # a day later
        (4, date(2024, 2, 29), date(2025, 2, 28)),  # a leap day's year ends on the 28th
        (5, date(2024, 6, 1), None),
        (6, date(2025, 1, 1), date(2025, 2, 1)),  # another cohort
    ):
        said = {"lease": lease, "judgment": "j"}
        company.say("arrears.judgment-given", given_on=given_on, eviction_authorised=True, **said)
        if executed_on:
            company.say("arrears.eviction-executed", executed_on=executed_on, **said)
    company.say(
        "arrears.judgment-given",
        lease=7,
        judgment="j",
        given_on=date(2024, 5, 1),
        eviction_authorised=False,
    )
    company.take()

    assert company.sides("I13", 2025) == (3, 5)
    assert company.sides("I13", 2026) == (1, 1)
