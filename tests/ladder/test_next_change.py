"""Who looks only on the days that are told states the same as who looks every day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telling import SHIPPED, case_of, line, policy_of, rule, rules

from services.arrears.casework.looking import Lookout
from services.arrears.ladder.judging import propose
from services.arrears.ladder.moments import Moment
from services.arrears.ladder.next_change import next_change
from services.arrears.ladder.simulating import Simulation

TODAY = date(2024, 6, 15)
STEPS = ["first-reminder", "second-reminder", "formal-notice", "home-visit", "conciliation"]
AHEAD = 70
RENT = {"name": "rent", "cents": 30_000}
ACTIVE = "a: {title: A, is_message: true, active: {after: {days: 3}, lapses_after: {weeks: 2}}}"
CONDITIONS = [
    "{active: {step: a}}",
    "{bank_data: stale}",
    "{owed: {net: true, more_than: {cents: 40000}}}",
    "{owed: {at_least: {cents: 30000}}}",
    "{owed: {at_least: {rents: 2}}}",
    "{owed_for: {at_least: {days: 30}, at_most: {months: 2}}}",
    "{owed_for: {more_than: {days: 30}, less_than: {months: 2}}}",
    "{last: {is: a, more_than: {days: 20}, at_most: {weeks: 9}}}",
    "{happened: {step: a, at_least: {days: 20}, less_than: {weeks: 9}, which: first}}",
    "{never: {step: a, at_most: {days: 20}, which: any}}",
    "{unpaid_periods: {counted: total, at_least: 2}}",
    "{court_date: today}",
    "{court_date: past}",
    "{eviction_date: [today, past]}",
    "{pause: review-due}",
    "{day: {of: payment, at_least: {days: 20}, at_most: {months: 1}}}",
    "{day: {of: court-date, at_most: {weeks: 2}}}",
    "{day: {of: court-date, ahead: {at_most: {months: 1}}}}",
    "{day: {of: eviction-date, ahead: {more_than: {days: 3}, less_than: {months: 2}}}}",
    "{day: {of: {message: a}, more_than: {days: 20}, before: owed-since}}",
    "{day: {of: plan, after: payment}}",
    "{day: {of: plan-state, at_least: {days: 20}, at_most: {days: 25}}}",
    "{day: {of: {message: a}, before: plan-state}}",
    "{plan: {state: live, formal: false}}",
    "{all: [{pause: paused}, {not: {eviction_date: future}}]}",
    "{day: {of: oldest-unpaid, at_least: {days: 20}, less_than: {months: 2}}}",
    "{plan: {state: breached}}",
]


def lone(when):
    """A policy that asks for one thing alone: whatever changes it shows."""
    more = "bank_data_days: 4\ntolerance_days: 5\n"
    return policy_of(rules(rule("r", 1, when), steps=ACTIVE, more=more))


def day(after):
    return str(TODAY + timedelta(days=after))


past = st.integers(-200, 0)
ahead = st.integers(1, 120)
happening = st.one_of(
    st.builds(lambda d, c: line(day(d), "charge", cents=c), past, st.integers(1, 60_000)),
    st.builds(lambda d, c: line(day(d), "charge", cents=c), ahead, st.integers(1, 60_000)),
    st.builds(lambda d, c: line(day(d), "payment", cents=c), past, st.integers(1, 60_000)),
    st.builds(
        lambda d, k: line(day(d), "message", kind=k), past, st.sampled_from([*STEPS, "a", "a"])
    ),
    st.builds(lambda d, k: line(day(d), "step", kind=k), past, st.sampled_from([*STEPS, "a"])),
    st.builds(lambda d, to: line(day(d), "court-date", court_on=day(to)), past, ahead),
    st.builds(lambda d, to: line(day(d), "eviction", evict_on=day(to)), past, ahead),
    st.builds(lambda d, to: line(day(d), "pause", reason="r", review_on=day(to)), past, ahead),
    st.builds(lambda d: line(day(d), "bank-data", complete_until=day(d)), st.integers(-9, 0)),
    st.just(
        line(
            day(-100),
            "rent",
            period="monthly",
            first_day=day(-100),
            parts=[RENT],
        )
    ),
)
plans = st.builds(
    lambda d, due, lump, cents: line(
        day(d),
        "plan",
        plan="p",
        frequency="monthly",
        first_due_on=day(d + due),
        instalment_cents=cents,
        lump_sum_cents=lump,
        lump_sum_on=day(d + due),
        starting_balance_cents=cents * 5,
    ),
    st.integers(-90, 0),
    st.integers(0, 40),
    st.sampled_from([0, 5_000]),
    st.integers(5_000, 20_000),
)


def look_only_when_told(policy, lines, plan):
    lines = [*lines, line(day(-60), "charge", cents=35_000), line(day(-19), "message", kind="a")]
    case = case_of(*lines, *([plan] if plan else []))
    simulation = Simulation(case, [policy], TODAY)
    look_on, stated = TODAY, None
    for after in range(AHEAD):
        today = TODAY + timedelta(days=after)
        looked = simulation.look(Moment(today), simulation.lines, policy)
        proposal = propose(policy, looked.state)
        if look_on is not None and today >= look_on:
            stated = (proposal.step, proposal.rule)
            look_on = next_change(policy, looked, simulation.lines, today, proposal.rule)
        assert (proposal.step, proposal.rule) == stated, today


@pytest.mark.parametrize("when", CONDITIONS)
@settings(max_examples=12)
@given(lines=st.lists(happening, max_size=6), plan=st.none() | plans)
def test_of_one_condition_no_change_is_missed(when, lines, plan):
    look_only_when_told(lone(when), lines, plan)


@settings(max_examples=60)
@given(
    whens=st.lists(st.sampled_from(CONDITIONS), min_size=2, max_size=5),
    lines=st.lists(happening, max_size=6),
    plan=st.none() | plans,
)
def test_of_rules_one_after_the_other_no_change_is_missed(whens, lines, plan):
    ranked = [rule(f"r{rank}", rank, when) for rank, when in enumerate(whens, 1)]
    more = "bank_data_days: 4\ntolerance_days: 5\n"
    look_only_when_told(policy_of(rules(*ranked, steps=ACTIVE, more=more)), lines, plan)


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.policy)
@settings(max_examples=4)
@given(lines=st.lists(happening, max_size=12), plan=st.none() | plans)
def test_of_a_whole_policy_no_change_is_missed(policy, lines, plan):
    look_only_when_told(policy, lines, plan)


def test_a_new_period_of_the_rent_ends_what_was_paid_in_it():
    rent = line(day(-20), "rent", period="monthly", first_day=day(-20), parts=[RENT])
    paid = line(day(-2), "payment", cents=30_000)
    owed = line(day(-50), "charge", cents=55_000)

    look_only_when_told(lone(CONDITIONS[2]), [rent, paid, owed], None)


@settings(max_examples=40)
@given(lines=st.lists(happening, max_size=8), plan=plans)
def test_of_a_plan_no_change_of_state_is_missed_by_who_watches_only_when_told(lines, plan):
    case = case_of(*lines, line(day(-95), "charge", cents=90_000), plan)
    lookout = Lookout(TODAY + timedelta(days=AHEAD), [lone(CONDITIONS[-1])], None)
    watch_on, stated = TODAY - timedelta(days=95), []
    for after in range(-90, AHEAD):
        told = replace(lookout, bank_until=TODAY + timedelta(days=after))
        watching = told.watch(case.happenings, "p")
        if watching is None:
            continue
        if watching.until >= watch_on:
            stated = watching.plan.changes
            watch_on = watching.next_on or date.max
        assert watching.plan.changes == stated, after
