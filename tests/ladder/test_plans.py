"""Repayment plans: what is expected, and each change of state once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telling import case_of, line, simulated

from services.arrears.ladder.books import Books
from services.arrears.ladder.moments import Lines, Moment
from services.arrears.ladder.plans import watch
from services.arrears.ladder.refused_line import LineRefused

DEBT = line("2025-01-01", "charge", cents=1000_00)


def plan(on="2025-01-02", **more):
    usual = {
        "plan": "p1",
        "frequency": "monthly",
        "first_due_on": "2025-02-01",
        "instalment_cents": 250_00,
    }
    return line(on, "plan", **(usual | more))


def states(*lines, on="2025-12-31", number=0):
    return [
        (change["on"], change["state"])
        for change in simulated(*lines, on=on)["plans"][number]["history"]
    ]


def pay(on, cents, **more):
    return line(on, "payment", cents=cents, **more)


def test_an_instalment_counts_from_its_due_day_plus_the_tolerance_that_day_included():
    lines = (DEBT, plan(tolerance_days=5))

    assert states(*lines, on="2025-02-05") == [("2025-01-02", "live")]
    assert states(*lines, on="2025-02-06") == [("2025-01-02", "live"), ("2025-02-06", "breached")]
    shown = simulated(*lines, on="2025-02-06")["plans"][0]
    assert (shown["expected_cents"], shown["shortfall_cents"]) == (750_00, 250_00)


def test_a_breached_plan_is_healed_and_one_at_zero_is_completed():
    paid = [pay("2025-02-10", 250_00), pay("2025-02-20", 750_00)]

    assert states(DEBT, plan(), *paid) == [
        ("2025-01-02", "live"),
        ("2025-02-01", "breached"),
        ("2025-02-10", "live"),
        ("2025-02-20", "completed"),
    ]


def test_a_lump_sum_counts_like_an_instalment():
    lines = (DEBT, plan(lump_sum_cents=400_00, lump_sum_on="2025-01-15", tolerance_days=2))

    assert states(*lines, on="2025-01-17")[-1] == ("2025-01-17", "breached")
    assert simulated(*lines, on="2025-02-03")["plans"][0]["expected_cents"] == 350_00


def test_the_expected_balance_is_never_below_zero():
    assert simulated(DEBT, plan(), on="2030-01-01")["plans"][0]["expected_cents"] == 0


def test_a_stated_starting_balance_counts_in_place_of_what_is_owed():
    stated = plan(starting_balance_cents=600_00, count=3)

    assert simulated(DEBT, stated, on="2025-02-01")["plans"][0]["expected_cents"] == 350_00


def test_a_new_plan_cancels_the_live_one():
    new = plan("2025-03-03", plan="p2", first_due_on="2025-04-01")

    assert states(DEBT, plan(tolerance_days=60), new)[-1] == ("2025-03-03", "cancelled")
    assert states(DEBT, plan(tolerance_days=60), new, number=1)[0] == ("2025-03-03", "live")


def test_a_plan_that_is_replaced_on_the_day_of_its_breach_is_cancelled_that_day_as_one_ended_then():
    new = plan("2025-02-01", plan="p2", first_due_on="2025-03-01")
    ended = line("2025-02-01", "plan-ended", plan="p1", how="cancelled")
    cancelled = [("2025-01-02", "live"), ("2025-02-01", "cancelled")]

    assert states(DEBT, plan(), new) == cancelled
    assert states(DEBT, plan(), ended) == cancelled


def test_a_plan_broken_or_cancelled_by_a_person_is_over():
    ended = line("2025-02-15", "plan-ended", plan="p1", how="broken", reason="no contact")

    assert states(DEBT, plan(), ended, pay("2025-03-01", 900_00))[1:] == [
        ("2025-02-01", "breached"),
        ("2025-02-15", "broken"),
    ]


def test_a_plan_suspended_on_terms_is_completed_after_its_years_whatever_is_left():
    formal = plan(formal=True, suspended_years=2, **{"with": "judge"})

    assert states(DEBT, formal, on="2027-06-01")[-1] == ("2027-01-02", "completed")


def test_a_formal_plan_with_a_strike_out_date_stays_live_at_zero_until_then():
    formal = plan(formal=True, strike_out_on="2025-06-01")

    assert states(DEBT, formal, pay("2025-01-20", 1000_00)) == [
        ("2025-01-02", "live"),
        ("2025-06-01", "completed"),
    ]


def test_an_informal_plan_is_possible_again_after_the_strike_out_date():
    formal = plan(formal=True, strike_out_on="2025-06-01")
    informal = plan("2025-06-01", plan="p2", first_due_on="2025-07-01")

    assert states(DEBT, formal, informal, on="2025-06-02")[-1] == ("2025-06-01", "cancelled")


def test_instalments_only_is_on_time_late_by_at_most_a_period_or_by_more():
    by_instalments = plan(method="instalments-only", count=4)
    lines = (DEBT, by_instalments, pay("2025-01-10", 500_00))  # to the rent, not to the plan

    assert states(*lines, on="2025-03-02") == [
        ("2025-01-02", "on-time"),
        ("2025-02-01", "late"),
        ("2025-03-02", "late-by-more"),
    ]
    paid = pay("2025-03-05", 500_00, plan="p1")
    assert states(*lines, paid, on="2025-03-31")[-1] == ("2025-03-05", "on-time")
    assert states(*lines, pay("2025-03-05", 1000_00, plan="p1"))[-1] == ("2025-03-05", "completed")


def test_a_lump_sum_too_is_late_by_at_most_a_period_up_to_that_day():
    terms = plan(
        method="instalments-only",
        first_due_on="2025-12-01",
        lump_sum_cents=750_00,
        lump_sum_on="2025-01-15",
    )

    assert states(DEBT, terms, on="2025-02-15")[1:] == [("2025-01-15", "late")]
    for on in ("2025-02-16", "2025-03-10", "2025-12-31"):
        assert states(DEBT, terms, on=on)[2:] == [("2025-02-16", "late-by-more")]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"first_due_on": "2025-01-01"}, "first_due_on"),
        ({"lump_sum_cents": 1, "lump_sum_on": "2024-12-31"}, "lump_sum_on"),
        ({"lump_sum_cents": 1}, "lump_sum_on"),
        ({"instalment_cents": 0}, "instalment_cents"),
        ({"count": 3}, "instalment_cents"),
        ({"count": 1_000_000}, "count"),
        ({"ends_on": "2025-03-31"}, "instalment_cents"),
        ({"instalment_cents": 1}, "instalment_cents"),
        ({"frequency": None}, "frequency"),
        ({"suspended_years": 2}, "suspended_years"),
        ({"strike_out_on": "2025-06-01"}, "strike_out_on"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms, field):
    with pytest.raises(LineRefused) as refused:
        simulated(DEBT, plan(**terms), on="2025-06-01")

    assert refused.value.field == field


def test_an_informal_plan_is_refused_while_a_formal_one_is_active():
    formal = plan(formal=True)
    informal = plan("2025-03-01", plan="p2", first_due_on="2025-04-01")

    with pytest.raises(LineRefused, match="p1 court encore"):
        simulated(DEBT, formal, informal, on="2025-04-01")


@given(
    tolerance=st.integers(0, 40),
    frequency=st.sampled_from(["weekly", "fortnightly", "four-weekly", "monthly"]),
    instalment=st.integers(20_00, 300_00),
    moves=st.lists(
        st.tuples(st.integers(0, 200), st.integers(-300_00, 300_00).filter(bool)), max_size=10
    ),
    until=st.integers(1, 260),
)
def test_the_changes_are_those_of_asking_every_day(tolerance, frequency, instalment, moves, until):
    first = date(2025, 1, 2)
    lines = [DEBT, plan(tolerance_days=tolerance, frequency=frequency, instalment_cents=instalment)]
    for days, cents in moves:
        on = (first + timedelta(days=days)).isoformat()
        lines.append(line(on, "payment" if cents > 0 else "charge", cents=abs(cents)))
    last = first + timedelta(days=until)
    known = Lines.of(case_of(*lines))
    books = Books(known, last)

    watched = watch(known.happened_by(Moment(last)), books, Moment(last), lambda _: 0)[0]

    start = 1000_00 - sum(cents for days, cents in moves if days == 0)
    slow, state = [], ""
    for day in (first + timedelta(days=n) for n in range(until + 1)):
        owed = 1000_00 - sum(c for n, c in moves if first + timedelta(days=n) <= day)
        due, number = date(2025, 2, 1), 0
        while due + timedelta(days=tolerance) <= day:
            number += 1
            due = after(frequency, number)
        expected = max(0, start - instalment * number)
        now = "completed" if owed <= 0 else "breached" if owed > expected else "live"
        if now != state:
            slow.append((day, now))
            state = now
        if state == "completed":
            break
    assert [(change.on, change.state) for change in watched.changes] == slow


def after(frequency, number):
    days = {"weekly": 7, "fortnightly": 14, "four-weekly": 28}
    if frequency in days:
        return date(2025, 2, 1) + timedelta(days=days[frequency] * number)
    months = 1 + number
    return date(2025 + months // 12, months % 12 + 1, 1)
