"""What is owed, at a moment, by the lines of a case."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telling import case_of, line, simulated

from services.arrears.ladder.books import Books
from services.arrears.ladder.moments import Lines, Moment
from services.arrears.ladder.rent_conversion import WEEKS, convert

RENT = line(
    "2025-01-01",
    "rent",
    period="monthly",
    first_day="2025-01-01",
    charge_each_period=True,
    parts=[{"name": "loyer", "cents": 500_00}],
)


def books(*lines):
    return Books(Lines.of(case_of(*lines)), date(2026, 12, 31))


def test_rent_is_charged_on_the_first_day_of_each_period():
    assert books(RENT).balance(Moment(date(2025, 3, 1))) == 1500_00
    assert books(RENT).balance(Moment(date(2025, 2, 28))) == 1000_00


def test_a_new_rent_replaces_the_old_one_from_its_first_day():
    new = RENT | {
        "on": "2025-01-20",
        "first_day": "2025-02-01",
        "parts": [{"name": "x", "cents": 1}],
    }

    assert books(RENT, new).balance(Moment(date(2025, 3, 31))) == 500_02


def test_only_rent_is_in_the_balance():
    lines = [
        line("2025-01-01", "charge", cents=100, kind=kind)
        for kind in ("rent", "deposit", "court-costs", "repairs", "fees")
    ]

    assert books(*lines).balance(Moment(date(2025, 1, 1))) == 100


def test_a_stated_balance_is_the_end_of_its_day_and_overrides_the_sums():
    owed = books(
        line("2025-01-01", "charge", cents=900),
        line("2025-01-10", "payment", cents=50, at="09:00"),
        line("2025-01-10", "balance", cents=400),
        line("2025-01-10", "payment", cents=30, at="17:00"),
        line("2025-01-11", "payment", cents=100),
    ).balance

    assert owed(Moment(date(2025, 1, 9))) == 900
    assert owed(Moment(date(2025, 1, 10), time(8))) == 480
    assert owed(Moment(date(2025, 1, 10), time(12))) == 430
    assert owed(Moment(date(2025, 1, 10))) == 400
    assert owed(Moment(date(2025, 1, 11))) == 300


def test_a_balance_may_be_a_credit_and_a_reversal_undoes_a_payment():
    lines = [line("2025-01-05", "payment", cents=700), line("2025-01-06", "reversal", cents=200)]

    assert books(*lines).balance(Moment(date(2025, 1, 6))) == -500


def test_net_is_less_the_period_s_rent_not_yet_paid_and_may_be_below_zero():
    paid = line("2025-02-03", "payment", cents=300_00)
    more = line("2025-02-04", "payment", cents=900_00)
    day = Moment(date(2025, 2, 10))

    assert books(RENT).net(day) == 500_00
    assert books(RENT, paid).net(day) == 700_00 - 200_00
    assert books(RENT, paid, more).net(day) == -200_00  # the grace is never below zero
    assert books(RENT, line("2025-02-01", "balance", cents=100_00)).net(day) == -400_00


def test_paid_in_an_earlier_period_leaves_the_grace_whole():
    assert (
        books(RENT, line("2025-01-31", "payment", cents=500_00)).net(Moment(date(2025, 2, 1))) == 0
    )


@pytest.mark.parametrize(
    ("cents", "periods", "expected"),
    [(52_00, 52, 52_00), (100_00, 12, 23_08), (1, 26, 1), (1, 25, 0), (333_33, 48, 307_69)],
)
def test_an_amount_a_week_is_times_periods_by_52_half_up(cents, periods, expected):
    assert convert(cents, periods, WEEKS) == expected


def test_parts_that_do_not_add_up_show_a_rounding_line():
    parts = [{"name": name, "cents": 100_00} for name in "abc"]
    rent = RENT | {"parts": parts, "charge_each_period": False}

    shown = simulated(rent, on="2025-01-01")["rent"]

    assert [part["weekly_cents"] for part in shown["parts"]] == [2308, 2308, 2308]
    assert (shown["weekly_cents"], shown["rounding_cents"]) == (6923, -1)


@given(
    parts=st.lists(st.integers(0, 10**7), min_size=1, max_size=8),
    weeks=st.sampled_from([None, *range(46, 54)]),
)
def test_parts_and_rounding_are_the_whole(parts, weeks):
    rent = RENT | {"period": "weekly", "periods_a_year": weeks, "charge_each_period": False}
    rent["parts"] = [{"name": "p", "cents": cents} for cents in parts]

    shown = simulated(rent, on="2025-01-01")["rent"]

    assert (
        sum(p["weekly_cents"] for p in shown["parts"]) + shown["rounding_cents"]
        == shown["weekly_cents"]
    )


def test_a_payment_pays_the_charge_it_names_and_else_the_oldest():
    named = line("2025-03-05", "payment", cents=500_00, pays="2025-03-01")
    free = line("2025-03-06", "payment", cents=500_00)
    day = Moment(date(2025, 3, 31))

    assert books(RENT).unpaid(day) == [True, True, True]
    assert books(RENT, named).unpaid(day) == [True, True, False]
    assert books(RENT, named, free).unpaid(day) == [False, True, False]
    assert books(RENT, free, line("2025-03-07", "reversal", cents=1)).unpaid(day) == [True] * 3


@pytest.mark.parametrize("reverses", [{"reverses": "2025-03-05"}, {}])
def test_a_payment_that_bounces_leaves_the_charge_that_it_named_unpaid(reverses):
    named = line("2025-03-05", "payment", cents=500_00, pays="2025-03-01")
    free = line("2025-03-06", "payment", cents=500_00)
    bounced = line("2025-03-08", "reversal", cents=500_00, **reverses)
    day = Moment(date(2025, 3, 31))

    assert books(RENT, named, bounced).unpaid(day) == [True, True, True]
    both = books(RENT, named, free, bounced).unpaid(day)
    assert both == ([False, True, True] if reverses else [True, True, False])


def test_since_when_something_is_owed_without_a_break():
    paid = line("2025-01-20", "payment", cents=500_00)
    since = books(RENT, paid).owed_since

    assert since(Moment(date(2025, 1, 19))) == date(2025, 1, 1)
    assert since(Moment(date(2025, 1, 25))) is None
    assert since(Moment(date(2025, 3, 2))) == date(2025, 2, 1)


def test_a_payment_of_last_month_that_bounces_leaves_this_month_s_grace_as_it_is():
    lines = [
        RENT | {"charge_each_period": False},
        line("2025-01-01", "charge", cents=500_00),
        line("2025-01-05", "payment", cents=500_00),
        line("2025-02-02", "reversal", cents=500_00, reverses="2025-01-05"),
    ]

    assert books(*lines).net(Moment(date(2025, 2, 3))) == 0
    assert (
        books(*lines, line("2025-02-03", "payment", cents=200_00)).net(Moment(date(2025, 2, 3)))
        == 300_00 - 300_00
    )


def test_no_rent_is_charged_after_the_lease_has_ended():
    ended = line("2025-03-01", "lease-ended")

    assert books(RENT, ended).balance(Moment(date(2025, 12, 31))) == 1500_00


def test_charges_of_one_period_are_one_period():
    two = [line("2025-02-01", "charge", cents=100), line("2025-02-01", "charge", cents=50)]

    assert books(*two).unpaid(Moment(date(2025, 3, 1))) == [True]


def test_ten_years_of_weekly_rent_take_no_time():
    weekly_rent = RENT | {"period": "weekly", "first_day": "2016-01-04", "on": "2016-01-04"}
    plan = line(
        "2016-02-01",
        "plan",
        plan="p",
        frequency="weekly",
        first_due_on="2016-02-08",
        instalment_cents=5_00,
        starting_balance_cents=2_000_00,
    )

    answer = simulated(weekly_rent, plan, on="2025-12-31")

    assert answer["balance_cents"] == 522 * 500_00


def test_a_rent_that_is_not_known_yet_is_not_the_rent():
    later = RENT | {"on": "2025-06-01", "parts": [{"name": "loyer", "cents": 1}]}

    assert simulated(later, on="2025-05-31")["rent"] is None
    assert simulated(later, on="2025-06-01")["rent"]["parts"][0]["cents"] == 1


def test_of_a_year_of_53_weeks_no_week_is_free_of_rent():
    weekly = RENT | {"period": "weekly", "first_day": "2025-01-06", "periods_a_year": 53}

    assert books(weekly).balance(Moment(date(2025, 1, 20))) == 3 * 500_00


def test_of_two_stated_balances_the_later_one_counts():
    two = [line("2025-01-10", "balance", cents=400), line("2025-02-10", "balance", cents=900)]

    assert books(*two).balance(Moment(date(2025, 2, 9))) == 400
    assert books(*two).balance(Moment(date(2025, 2, 10))) == 900


def test_a_payment_of_this_period_that_bounces_was_not_paid():
    bounced = [
        line("2025-02-03", "payment", cents=300_00),
        line("2025-02-05", "reversal", cents=300_00, reverses="2025-02-03"),
    ]

    assert books(RENT, *bounced).paid_this_period(Moment(date(2025, 2, 4))) == 300_00
    assert books(RENT, *bounced).paid_this_period(Moment(date(2025, 2, 6))) == 0
