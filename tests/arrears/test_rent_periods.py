"""Rents that are not monthly: what they come to, what of them is charged, due and missed."""

import re
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_lease import know_lease

from contracts.arrears import MatchedBy
from contracts.words import RentPeriod
from services.arrears.accounts_in_arrears import band
from services.arrears.allocation import Ordering
from services.arrears.casework.looking import lines_of
from services.arrears.casework.plan_money import paid_to_plan
from services.arrears.ladder.allocation_order import PaysFirst
from services.arrears.ladder.books import Books
from services.arrears.ladder.case import Plan, Rent
from services.arrears.ladder.moments import Lines, Moment
from services.arrears.ladder.rent_conversion import MONTHS, convert
from services.arrears.policy import due_on, policy_on
from services.arrears.rent_account import RentAccount
from services.arrears.rent_charges import MonthNotCharged
from services.arrears.rent_period import (
    PeriodDoesNotFit,
    PeriodOverlaps,
    comes_to,
    periods_a_year,
    words_of,
)
from services.arrears.rent_roll import COLUMNS

ROOT = Path(__file__).parents[2]
LEASE, HOUSEHOLD = UUID(int=1), UUID(int=2)
MONDAY = date(2024, 1, 1)
WEEK, MONTH = timedelta(days=7), RentPeriod.MONTHLY


def account(period=RentPeriod.WEEKLY):
    of = RentAccount.open_account(LEASE, HOUSEHOLD, MONDAY)
    know_lease(of, MONDAY, rent_period=None if period is MONTH else period)
    return of


def charge(of, key, cents=100_00):
    of.charge_rent("company", key, due_on(key), cents, 0)


def receive(of, number, cents, day, **more):
    of.receive_payment(UUID(int=100 + number), cents, day, MatchedBy.OFFICER, **more)


def unpaid_of(of):
    return {key: missed.unpaid_cents for key, missed in of.missed.items()}


@pytest.mark.parametrize(
    ("period", "asked", "weeks", "months"),
    [
        # 104.00 × 52 ÷ 12 = 450.67; rent and charges apart: 433.33 + 17.33, and a cent between
        ("weekly", (100_00, 4_00), (100_00, 4_00, 0, 104_00), (433_33, 17_33, 1, 450_67)),
        ("fortnightly", (200_00, 0), (100_00, 0, 0, 100_00), (433_33, 0, 0, 433_33)),
        ("four-weekly", (400_00, 0), (100_00, 0, 0, 100_00), (433_33, 0, 0, 433_33)),
        ("weeks-48", (100_00, 30), (92_31, 28, -1, 92_58), (400_00, 1_20, 0, 401_20)),
        ("weeks-53", (100_00, 0), (101_92, 0, 0, 101_92), (441_67, 0, 0, 441_67)),
    ],
)
def test_a_rent_comes_to_so_much_a_week_and_a_month_with_the_cents_between(
    period, asked, weeks, months
):
    rows = comes_to(RentPeriod(period), *asked)
    named = {row["what"]: (row["week"], row["month"]) for row in rows}

    shown = [named.get(what, (0, 0)) for what in ("Loyer", "Charges", "Arrondi", "En tout")]
    assert shown == list(zip(weeks, months, strict=True))
    assert ("Arrondi" in named) == (weeks[2] != 0 or months[2] != 0)
    assert named["En tout"] == (sum(weeks[:3]), sum(months[:3]))


def test_every_period_has_its_words():
    words = [words_of(period) for period in RentPeriod if period is not RentPeriod.MONTHLY]

    assert len(set(words)) == len(RentPeriod) - 1
    assert words_of(RentPeriod.WEEKS_48) == "Par semaine, 48 semaines par an"


@pytest.mark.parametrize(
    ("period", "charged", "key", "refused", "why"),
    [
        ("monthly", [], "2024-01-01", PeriodDoesNotFit, "est mensuel"),
        ("weekly", [], "2024-01", PeriodDoesNotFit, "demandé par semaine : indiquez"),
        ("weekly", ["2024-01-08"], "2024-01-10", PeriodOverlaps, "du 08/01/2024 au 14/01/2024"),
        ("weekly", ["2024-01-08"], "2024-01-02", PeriodOverlaps, "du 08/01/2024"),
        ("weekly", ["2024-01-08"], "2024-01-16", PeriodDoesNotFit, "par 7 jours depuis le 08/01"),
        ("fortnightly", ["2024-01-01"], "2024-01-08", PeriodOverlaps, "au 14/01/2024"),
        ("fortnightly", ["2024-01-01"], "2024-01-22", PeriodDoesNotFit, "par 14 jours"),
        ("four-weekly", ["2024-01-29"], "2024-01-08", PeriodOverlaps, "au 25/02/2024"),
    ],
)
def test_what_does_not_fit_the_rent_of_an_account_is_not_charged(
    period, charged, key, refused, why
):
    of = account(RentPeriod(period))
    for each in charged:
        charge(of, each)

    with pytest.raises(refused, match=why):
        charge(of, key)
    assert len(of.charges) == len(charged)


def test_weeks_that_are_free_of_rent_and_periods_beside_each_other_are_no_matter():
    of = account(RentPeriod.WEEKS_48)
    for key in ("2024-01-01", "2024-01-08", "2024-02-05", "2023-12-25", "2024-01-08"):
        charge(of, key)

    assert max(c.key for c in of.charges.values()) == "2024-02-05"
    assert {(c.period_start, c.period.end - c.period_start) for c in of.charges.values()} == {
        (day, timedelta(days=6)) for day in (MONDAY - WEEK, MONDAY, MONDAY + WEEK, date(2024, 2, 5))
    }
    with pytest.raises(MonthNotCharged, match="dès le 15/01/2024"):
        of.cancel_charge("2024-01-15")


def test_a_period_is_due_on_its_first_day_and_missed_once_until_the_money_had_come_in_time():
    of = account()
    for key in ("2024-01-01", "2024-01-08"):
        charge(of, key)

    judged = [(of.judge(day, policy_on(day).judged_on(day))) for day in (MONDAY, MONDAY + WEEK)]
    again = of.judge(MONDAY, date(2024, 1, 6))

    assert (judged, again) == ([1, 1], 0)
    assert unpaid_of(of) == {"2024-01-01": 100_00, "2024-01-08": 100_00}
    receive(of, 1, 100_00, date(2024, 1, 6))
    assert unpaid_of(of) == {"2024-01-08": 100_00}
    of.correct_charge("2024-01-08", 60_00, 0)
    assert unpaid_of(of) == {"2024-01-08": 60_00}
    of.cancel_charge("2024-01-08")
    assert unpaid_of(of) == {}
    told = [e.period_start for e in of.collect_events() if isinstance(e, of.PaymentMissed)]
    assert told == [MONDAY, MONDAY + WEEK]


def test_the_rent_that_is_current_is_that_of_the_week_in_which_money_comes():
    of = account()
    for key in ("2024-01-01", "2024-01-08", "2024-01-15"):
        charge(of, key)
    current = Ordering((PaysFirst.CURRENT_RENT_FIRST,))
    receive(of, 1, 100_00, date(2024, 1, 14), ordering=current)

    ((_, ((paid, _),)),) = of.allocated.values()
    assert of.charges[paid].key == "2024-01-08"


def test_a_plan_gets_what_the_rent_of_the_weeks_begun_leaves():
    terms = Plan.model_construct(plan="p", on=MONDAY, starting_balance_cents=900_00)
    weeks = [(MONDAY + n * WEEK, MONDAY + n * WEEK, 100_00) for n in range(1, 6)]
    money = [(UUID(int=1), date(2024, 1, 14), 130_00), (UUID(int=2), date(2024, 1, 15), 130_00)]

    assert paid_to_plan(terms, date.max, weeks, money) == {UUID(int=1): 30_00, UUID(int=2): 30_00}


LENGTHS = {RentPeriod.FORTNIGHTLY: 14, RentPeriod.FOUR_WEEKLY: 28}


def first_of(period, number):
    """The key of a period and its first day, as a calendar has them."""
    if period is MONTH:
        day = date(2024 + number // 12, number % 12 + 1, 1)
        return f"{day:%Y-%m}", day
    day = MONDAY + timedelta(days=LENGTHS.get(period, 7) * number)
    return day.isoformat(), day


money = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300_00)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(RentPeriod)),
    st.dictionaries(st.integers(0, 13), st.integers(1, 120_00), max_size=14),
    money,
    money,
    st.integers(0, 420),
)
def test_what_follows_from_due_days_holds_against_a_slow_and_obvious_reckoning(
    period, charged, paid, late, asked
):
    of, day = account(period), MONDAY + timedelta(days=asked)
    dues = {}
    for number, cents in charged.items():
        key, first = first_of(period, number)
        dues[key] = (first + timedelta(days=9) if period is MONTH else first, cents)
        charge(of, key, cents)
    moves = [(MONDAY + timedelta(days=on), cents) for on, cents in paid + late]
    for number, (on, cents) in enumerate(moves[: len(paid)]):
        receive(of, number, cents, on)
    for on in sorted({due for due, _ in dues.values()}):
        of.judge(on, on + timedelta(days=5))
    for number, (on, cents) in enumerate(moves[len(paid) :], len(paid)):
        receive(of, number, cents, on)

    def owed(by, known):
        due = sum(cents for on, cents in dues.values() if on <= by)
        return max(0, due - sum(cents for on, cents in moves if on <= known))

    missed = {key: min(c, owed(on, on + timedelta(days=5))) for key, (on, c) in dues.items()}
    assert of.arrears_on(day) == owed(day, day)
    assert unpaid_of(of) == {key: cents for key, cents in missed.items() if cents}
    left, unpaid = sum(cents for on, cents in moves if on <= day), []
    for on, cents in sorted(dues.values()):
        if on <= day:
            unpaid.append(left < cents)
            left -= min(left, cents)
    lines = Lines(lines_of(of, None))
    assert Books(lines, day).unpaid(Moment(day)) == unpaid
    for rent in lines.of_kind(Rent):
        assert rent.year_periods == (12 if period is MONTH else periods_a_year(period))


@given(st.integers(0, 500_00), st.integers(0, 2_000_00), st.sampled_from(list(RentPeriod)[1:]))
def test_br_03_months_in_arrears_are_counted_by_what_a_period_comes_to_a_month(owed, cents, period):
    a_year = Fraction(cents) * periods_a_year(period)
    month = floor(a_year / 12 + Fraction(1, 2))

    assert convert(cents, periods_a_year(period), MONTHS) == month
    expected = "?" if month == 0 else "<1" if owed < month else "1-3" if owed < 3 * month else "3+"
    assert band(owed, convert(cents, periods_a_year(period), MONTHS)) == expected


def test_the_readmes_say_what_is_read_and_their_example_is_right():
    readme = (ROOT / "services" / "arrears" / "README.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (\w+(?: \w+)?) \| (-?\d+) \| (-?\d+) \| (-?\d+) \|$", readme, re.MULTILINE
    )
    shown = comes_to(RentPeriod.WEEKS_50, 96_00, 4_27)
    assert [(what, *map(int, cents)) for what, *cents in rows] == [
        (row["what"], row["period"], row["week"], row["month"]) for row in shown
    ]
    assert [band(owed, shown[-1]["month"]) for owed in (41_778, 41_779, 125_337)] == [
        *("<1", "1-3", "3+")
    ]

    table = readme.partition("| rent roll | what it says |")[2].partition("\n\n")[0]
    named = re.findall(r"^\| `(\w+)`( \(optional\))? \|", table, re.MULTILINE)
    assert {name: not optional for name, optional in named} == {
        column.name: column.required for column in COLUMNS
    }
    (row,) = re.findall(
        r"^\| `rent-roll` \| (.*) \|$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert set(re.findall(r"`(\w+)`", row)) == {column.name for column in COLUMNS}
