"""Each condition that a policy can state, at, before and after its bounds."""

from datetime import date, timedelta
from typing import get_args

import pytest
from telling import HEAD, line, policy_of, simulated

from services.arrears.ladder.known_days import Known

DEBT = line("2025-01-01", "charge", cents=500_00)
RENT = line(
    "2025-01-01",
    "rent",
    period="monthly",
    first_day="2025-01-01",
    parts=[{"name": "loyer", "cents": 250_00}],
)
DAY = timedelta(days=1)
KINDS = "also_recorded: [reminder, notice, text, visit]"


def holds(when, *lines, on="2025-06-16"):
    """Whether a condition, written as in a policy, holds for a case."""
    policy = policy_of(
        f"{HEAD}bank_data_days: 3\nsteps: {{yes: {{title: it holds}}}}\n{KINDS}\n"
        f"rules:\n  - {{rule: r, rank: 1, propose: yes, because: b, when: {when}}}\ndefault: null\n"
    )
    return simulated(*lines, on=on, policies=[policy])["proposed"] == "yes"


def sent(kind, on):
    return line(on, "message", kind=kind)


def done(kind, on):
    return line(on, "step", kind=kind)


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("{at_least: {cents: 50000}}", True),
        ("{at_least: {cents: 50001}}", False),
        ("{more_than: {cents: 50000}}", False),
        ("{at_most: {cents: 50000}}", True),
        ("{less_than: {cents: 50000}}", False),
        ("{at_least: {rents: 2}}", True),
        ("{more_than: {rents: 2}}", False),
        ("{at_least: {rents: 2.01}}", False),
        ("{more_than: {cents: 1}, less_than: {cents: 50001}}", True),
    ],
)
def test_what_is_owed_keeps_to_inclusive_and_strict_bounds(bound, expected):
    assert holds(f"{{owed: {bound}}}", RENT, DEBT) is expected


def test_net_of_the_grace_less_is_owed():
    assert holds("{owed: {net: true, at_most: {cents: 25000}}}", RENT, DEBT)
    assert not holds("{owed: {net: true, more_than: {cents: 25000}}}", RENT, DEBT)


def test_a_credit_is_owed_less_than_nothing():
    paid = line("2025-06-10", "payment", cents=600_00)

    assert holds("{owed: {at_most: {cents: -10000}}}", RENT, DEBT, paid)
    assert not holds("{owed: {less_than: {cents: -10000}}}", RENT, DEBT, paid)
    assert holds("{owed: {net: true, more_than: {cents: -10001}}}", RENT, DEBT, paid)


def test_a_rent_of_zero_multiplies_to_zero_and_an_unknown_one_to_nothing():
    free = RENT | {"parts": [{"name": "loyer", "cents": 0}]}

    assert holds("{owed: {at_least: {rents: 9}}}", free, DEBT)
    assert not holds("{owed: {at_least: {rents: 0}}}", DEBT)
    assert not holds("{owed: {at_most: {rents: 9}}}", DEBT)


@pytest.mark.parametrize(
    ("asked", "weeks", "expected"),
    [
        ("rents: 3", 3, True),
        ("months: 3", 3, False),
        ("months: 3", 12, False),
        ("months: 3", 13, True),
        ("months: 0.5", 3, True),
        ("months: 0.5", 2, False),
    ],
)
def test_months_of_a_weekly_rent_are_what_it_comes_to_a_month(asked, weeks, expected):
    part = {"name": "loyer", "cents": 100_00}
    rent = line("2025-01-01", "rent", period="weekly", first_day="2025-01-01", parts=[part])
    owed = line("2025-01-01", "charge", cents=weeks * 100_00)

    assert holds(f"{{owed: {{at_least: {{{asked}}}}}}}", rent, owed) is expected
    assert not holds(f"{{owed: {{at_least: {{{asked}}}}}}}", owed)


def test_months_of_a_monthly_rent_are_its_rents():
    for asked in ("rents", "months"):
        assert holds(f"{{owed: {{at_least: {{{asked}: 2}}}}}}", RENT, DEBT)
        assert not holds(f"{{owed: {{more_than: {{{asked}: 2}}}}}}", RENT, DEBT)


def test_a_threshold_depends_on_who_receives_housing_aid():
    when = (
        "{owed: {at_least: {by_housing_aid: "
        "{landlord: {rents: 4}, tenant: {rents: 2}, nobody: {cents: 50001}}}}}"
    )

    def aid(recipient):
        return line("2025-02-01", "housing-aid", recipient=recipient)

    assert holds(when, RENT, DEBT, aid("tenant"))
    assert not holds(when, RENT, DEBT, aid("landlord"))
    assert not holds(when, RENT, DEBT)
    assert holds("{housing_aid: [tenant, nobody]}", aid("tenant"))
    assert not holds("{housing_aid: tenant}", aid("tenant"), aid("landlord"))


def test_periods_unpaid_in_a_row_and_in_all():
    rent = RENT | {"charge_each_period": True}
    middle = line("2025-05-02", "payment", cents=250_00, pays="2025-05-01")

    assert holds("{unpaid_periods: {counted: total, at_least: 5}}", rent, middle)
    assert holds("{unpaid_periods: {at_most: 1}}", rent, middle)
    assert not holds("{unpaid_periods: {more_than: 1}}", rent, middle)


@pytest.mark.parametrize(
    ("bound", "days_held"),
    [
        ("at_most: {days: 14}", ("2025-06-01", "2025-06-15")),
        ("less_than: {weeks: 2}", ("2025-06-01", "2025-06-14")),
        ("at_least: {weeks: 2}", ("2025-06-15", "2025-12-31")),
        ("more_than: {days: 14}", ("2025-06-16", "2025-12-31")),
        ("at_least: {months: 1}", ("2025-07-01", "2025-12-31")),
        ("at_least: {days: 3}, less_than: {days: 5}", ("2025-06-04", "2025-06-05")),
    ],
)
def test_so_long_ago_has_its_first_and_its_last_day(bound, days_held):
    when = f"{{happened: {{message: reminder, {bound}}}}}"
    first, last = map(date.fromisoformat, days_held)

    def on(day):
        return holds(when, sent("reminder", "2025-06-01"), on=day.isoformat())

    assert on(first)
    assert on(last)
    assert first == date(2025, 6, 1) or not on(first - DAY)
    assert last == date(2025, 12, 31) or not on(last + DAY)


def test_a_month_is_a_calendar_month_clipped_to_its_end():
    when = "{happened: {message: reminder, at_least: {months: 1}}}"
    end_of_january = sent("reminder", "2025-01-31")

    assert not holds(when, end_of_january, on="2025-02-27")
    assert holds(when, end_of_january, on="2025-02-28")


def test_ever_and_never_and_any_message_except():
    text, reminder = sent("text", "2025-06-15"), sent("reminder", "2025-05-01")

    assert holds("{happened: {message: text}}", text)
    assert not holds("{happened: {step: text}}", sent("reminder", "2025-06-01"))
    assert holds("{never: {message: reminder}}", text)
    assert not holds("{never: {any_message: true}}", text)
    assert holds("{happened: {any_message_except: text, at_least: {weeks: 4}}}", text, reminder)
    assert not holds("{happened: {any_message_except: text}}", text, done("visit", "2025-06-01"))


def test_the_last_one_counts_unless_the_first_or_any_is_asked_for():
    two = (sent("reminder", "2025-05-01"), sent("reminder", "2025-06-15"))

    assert not holds("{happened: {message: reminder, at_least: {days: 14}}}", *two)
    for which in ("first", "any"):
        when = f"{{happened: {{message: reminder, at_least: {{days: 14}}, which: {which}}}}}"
        assert holds(when, *two)
    assert holds("{happened: {message: reminder, times: 2}}", *two)
    assert not holds("{happened: {message: reminder, times: 3}}", *two)
    assert not holds("{happened: {message: reminder, times: 2, at_most: {months: 1}}}", *two)
    assert holds("{happened: {message: reminder, times: 2, at_most: {months: 2}}}", *two)


def test_which_message_or_step_came_last():
    lines = (sent("reminder", "2025-05-01"), done("visit", "2025-06-01"))

    assert holds("{last: {is: reminder}}", *lines)
    assert holds("{last: {of: all, is: [visit, notice]}}", *lines)
    assert holds("{last: {is_not: notice, at_least: {months: 1}}}", *lines)
    assert not holds("{last: {is_not: reminder}}", *lines)
    assert holds("{last: {none: true}}", done("visit", "2025-06-01"))
    assert not holds("{last: {is: reminder, less_than: {days: 46}}}", *lines)


def test_a_step_is_active_after_its_delay_and_lapses_a_period_later():
    policy = policy_of(
        f"{HEAD}steps: {{notice: {{title: n, active: {{after: {{weeks: 4}}, "
        "lapses_after: {weeks: 52}}}}\n"
        "rules:\n  - {rule: r, rank: 1, propose: notice, because: b, "
        "when: {active: {step: notice}}}\ndefault: null\n"
    )

    def active(on):
        answer = simulated(done("notice", "2024-01-01"), on=on, policies=[policy])
        assert bool(answer["active_steps"]) == (answer["proposed"] == "notice")
        return answer["active_steps"]

    assert active("2024-01-28") == []
    assert active("2024-01-29") == [{"step": "notice", "from": "2024-01-29", "until": "2025-01-27"}]
    assert active("2025-01-26") != []
    assert active("2025-01-27") == []


def test_the_plan_live_breached_none_formal_or_not():
    informal = line(
        "2025-01-02",
        "plan",
        plan="p",
        frequency="monthly",
        first_due_on="2025-02-01",
        instalment_cents=100_00,
    )
    formal = informal | {"formal": True}

    assert holds("{plan: {state: none}}", DEBT)
    assert holds("{plan: {state: live}}", DEBT, informal, on="2025-01-31")
    assert holds("{plan: {state: breached, formal: false}}", DEBT, informal)
    assert not holds("{plan: {state: breached, formal: false}}", DEBT, formal)
    paid = line("2025-03-01", "payment", cents=500_00)
    assert holds("{plan: {state: none, formal: true}}", DEBT, informal)
    assert not holds("{plan: {state: none, formal: true}}", DEBT, formal)
    assert holds("{plan: {state: completed}}", DEBT, informal, paid)
    assert holds("{plan: {state: none}}", DEBT, informal, paid)


@pytest.mark.parametrize(
    ("day", "places"),
    [
        ("2025-06-15", {"past", "recorded"}),
        ("2025-06-16", {"today", "recorded"}),
        ("2025-06-17", {"future", "recorded"}),
        (None, {"missing"}),
    ],
)
@pytest.mark.parametrize(
    ("key", "what", "field"),
    [("court_date", "court-date", "court_on"), ("eviction_date", "eviction", "evict_on")],
)
def test_a_date_is_past_today_ahead_or_missing(day, places, key, what, field):
    lines = [line("2025-01-01", what, **{field: day})] if day else []

    held = {
        p
        for p in ("past", "today", "future", "recorded", "missing")
        if holds(f"{{{key}: {p}}}", *lines)
    }

    assert held == places


def test_an_outcome_is_of_the_court_date_before_it():
    date_ = line("2025-01-01", "court-date", court_on="2025-02-01")
    outcome = line("2025-02-01", "court-outcome", outcome="adjourned")
    again = line("2025-03-01", "court-date", court_on="2025-06-20")

    assert holds("{court_outcome: missing}", date_)
    assert holds("{court_outcome: present}", date_, outcome)
    assert holds("{court_outcome: {is: [adjourned, granted]}}", date_, outcome)
    assert holds("{court_outcome: missing}", date_, outcome, again)
    assert holds("{court_outcome: missing}", date_, outcome, again | {"on": "2025-02-01"})
    assert holds("{court_outcome: present}", date_, again | {"on": "2025-02-01"}, outcome)
    both = "{all: [{court_outcome: present}, {court_date: missing}]}"
    assert holds(both, outcome)


def test_a_pause_holds_until_it_is_ended_and_its_review_falls_due():
    pause = line("2025-05-01", "pause", reason="hospital", review_on="2025-06-16")
    ended = line("2025-06-01", "pause-ended")

    assert holds("{pause: paused}", pause)
    assert not holds("{pause: review-due}", pause, on="2025-06-15")
    assert holds("{pause: review-due}", pause)
    assert holds("{pause: none}", pause, ended)


@pytest.mark.parametrize(
    ("when", "begins", "ends"),
    [
        ("{hardship: true}", {"what": "hardship"}, {"what": "hardship-ended"}),
        ("{dispute: true}", {"what": "dispute"}, {"what": "dispute-settled"}),
        (
            "{vulnerability: [illness, debt]}",
            {"what": "vulnerability", "flag": "illness"},
            {"what": "vulnerability-ended", "flag": "illness"},
        ),
        ("{consent: cpas}", {"what": "consent", "to": "cpas"}, {"what": "objection", "to": "cpas"}),
        (
            "{objection: cpas}",
            {"what": "objection", "to": "cpas"},
            {"what": "consent", "to": "cpas"},
        ),
    ],
)
def test_what_begins_holds_until_it_ends(when, begins, ends):
    first, second = {"on": "2025-02-01"} | begins, {"on": "2025-03-01"} | ends

    assert not holds(when, DEBT)
    assert holds(when, first)
    assert not holds(when, first, second)
    assert holds(f"{{not: {when}}}", first, second)


def test_bank_data_is_stale_after_the_policy_s_days():
    until = line("2025-06-16", "bank-data", complete_until="2025-06-13")

    assert holds("{bank_data: fresh}", until)
    assert holds("{bank_data: stale}", until, on="2025-06-17")
    assert holds("{bank_data: unknown}", DEBT)


def test_the_tenant_is_present_gone_or_dead():
    gone, dead = line("2025-06-01", "lease-ended"), line("2025-06-01", "deceased")

    assert holds("{tenant: present}", DEBT)
    assert holds("{tenant: [departed, deceased]}", gone)
    assert holds("{tenant: deceased}", gone, dead)
    assert holds("{tenant: departed}", gone, dead)
    assert not holds("{tenant: present}", dead)


def test_and_or_not_and_for_how_long():
    assert holds("{all: [{dispute: false}, {hardship: false}]}", DEBT)
    assert not holds("{any: [{dispute: true}, {hardship: true}]}", DEBT)
    assert holds("{owed_for: {at_least: {months: 5}}}", DEBT)
    assert not holds("{owed_for: {more_than: {months: 6}}}", DEBT)


def test_a_step_is_found_whether_it_was_sent_or_done_and_a_message_only_if_it_was_sent():
    assert holds("{happened: {step: notice}}", sent("notice", "2025-06-01"))
    assert holds("{day: {of: {step: notice}}}", sent("notice", "2025-06-01"))
    assert not holds("{happened: {message: notice}}", done("notice", "2025-06-01"))


HEARING = line("2025-01-10", "court-date", court_on="2025-03-16")
"""Three months before the day on which conditions are asked."""


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("at_most: {months: 3}", True),
        ("at_least: {months: 3}", True),
        ("less_than: {months: 3}", False),
        ("more_than: {months: 3}", False),
        ("more_than: {days: 91}, less_than: {days: 93}", True),
    ],
)
def test_the_day_of_something_is_so_long_ago(bound, expected):
    assert holds(f"{{day: {{of: court-date, {bound}}}}}", HEARING) is expected


def test_a_day_that_is_not_known_keeps_to_nothing():
    for of in get_args(Known):
        assert not holds(f"{{day: {{of: {of}}}}}")
        assert not holds(f"{{day: {{of: {of}, at_most: {{days: 9}}}}}}")
    assert not holds("{day: {of: owed-since, not_after: court-date}}", DEBT)
    assert not holds("{day: {of: {message: notice}}}", done("notice", "2025-06-01"))


@pytest.mark.parametrize(("on", "expected"), [("15", False), ("16", True), ("17", False)])
def test_a_day_ahead_is_no_time_ago_and_one_behind_is_none_ahead(on, expected):
    hearing = line("2025-01-10", "court-date", court_on=f"2025-06-{on}")

    assert holds("{day: {of: court-date, at_least: {days: 0}}}", hearing) is (on < "17")
    assert holds("{day: {of: court-date, ahead: {at_least: {days: 0}}}}", hearing) is (on > "15")
    both = "{day: {of: court-date, at_most: {days: 9}, ahead: {at_most: {days: 9}}}}"
    assert holds(both, hearing) is expected


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("at_most: {weeks: 1}", True),
        ("less_than: {weeks: 1}", False),
        ("at_least: {weeks: 1}", True),
        ("more_than: {days: 6}, at_most: {days: 8}", True),
    ],
)
def test_a_day_lies_so_far_ahead(bound, expected):
    eviction = line("2025-06-01", "eviction", evict_on="2025-06-23")

    assert holds(f"{{day: {{of: eviction-date, ahead: {{{bound}}}}}}}", eviction) is expected


@pytest.mark.parametrize(
    ("relation", "on", "expected"),
    [
        ("before", "2025-03-15", True),
        ("before", "2025-03-16", False),
        ("not_after", "2025-03-16", True),
        ("not_after", "2025-03-17", False),
        ("after", "2025-03-16", False),
        ("after", "2025-03-17", True),
        ("not_before", "2025-03-16", True),
        ("not_before", "2025-03-15", False),
    ],
)
def test_the_day_of_something_stands_before_or_after_that_of_another(relation, on, expected):
    plan = line(
        on, "plan", plan="p", frequency="one-off", first_due_on="2025-09-01", instalment_cents=50000
    )
    when = f"{{day: {{of: plan, {relation}: court-date}}}}"

    assert holds(when, DEBT, HEARING, plan) is expected
    when = f"{{day: {{of: {{message: notice}}, {relation}: court-date}}}}"
    assert holds(when, HEARING, sent("notice", "2025-01-20"), sent("notice", on)) is expected


def test_the_last_payment_is_the_last_that_the_bank_left():
    paid = [line(f"2025-06-{on}", "payment", cents=50_00) for on in ("02", "05", "08")]
    unnamed = line("2025-06-10", "reversal", cents=50_00)
    named = unnamed | {"reverses": "2025-06-05"}

    assert holds("{day: {of: payment, at_least: {days: 8}}}", *paid)
    assert not holds("{day: {of: payment, at_least: {days: 9}}}", *paid)
    assert holds("{day: {of: payment, more_than: {days: 10}}}", *paid, unnamed) is True
    assert not holds("{day: {of: payment, at_least: {days: 9}}}", *paid, named)
    assert holds("{day: {of: payment, at_least: {days: 14}}}", *paid, unnamed, named)
    assert not holds("{day: {of: payment}}", paid[0], unnamed)


def test_the_oldest_unpaid_rent_is_another_day_than_that_since_which_something_is_owed():
    """Who pays each month's rent when the next one is due owes without a break, and is not late."""
    months = [line(f"2025-0{month}-01", "charge", cents=250_00) for month in (3, 4, 5, 6)]
    paid = [line(f"2025-0{month}-02", "payment", cents=250_00) for month in (4, 5, 6)]

    assert holds("{day: {of: owed-since, at_least: {months: 3}}}", *months, *paid)
    assert holds("{day: {of: oldest-unpaid, at_least: {days: 15}}}", *months, *paid)
    assert not holds("{day: {of: oldest-unpaid, more_than: {days: 15}}}", *months, *paid)
    all_paid = line("2025-06-16", "payment", cents=250_00)
    assert not holds("{day: {of: oldest-unpaid}}", *months, *paid, all_paid)
    named = [line("2025-04-02", "payment", cents=250_00, pays="2025-04-01")]
    assert holds("{day: {of: oldest-unpaid, more_than: {months: 3}}}", *months, *named)


def test_a_pause_may_be_asked_for_by_its_reason():
    pause = line("2025-05-01", "pause", reason="illness", review_on="2025-06-16")

    assert holds("{pause_reason: illness}", pause)
    assert holds("{pause_reason: [bereavement, illness]}", pause)
    assert not holds("{pause_reason: bereavement}", pause)
    assert not holds("{pause_reason: illness}", pause, line("2025-06-01", "pause-ended"))
    assert not holds("{pause_reason: illness}")


def test_a_plan_has_been_in_its_state_since_a_day_and_a_pause_is_reviewed_on_one():
    plan = line(
        "2025-05-02",
        "plan",
        plan="p",
        frequency="monthly",
        first_due_on="2025-06-01",
        instalment_cents=100_00,
        tolerance_days=5,
    )

    assert holds("{day: {of: plan, at_least: {days: 45}}}", DEBT, plan)
    assert holds("{day: {of: plan-state, at_least: {days: 10}}}", DEBT, plan)
    assert not holds("{day: {of: plan-state, at_least: {days: 11}}}", DEBT, plan)
    pause = line("2025-06-01", "pause", reason="r", review_on="2025-06-20")
    assert holds("{day: {of: pause-review, ahead: {at_most: {days: 4}}}}", pause)
    assert not holds("{day: {of: pause-review, ahead: {at_most: {days: 3}}}}", pause)


def test_what_was_told_of_a_court_and_when_a_lease_ended_have_their_days():
    told = line("2025-03-20", "court-outcome", outcome="adjourned")
    ended = line("2025-05-31", "lease-ended")

    assert holds("{day: {of: court-outcome, at_least: {days: 88}}}", HEARING, told)
    assert not holds("{day: {of: court-outcome, at_least: {days: 89}}}", HEARING, told)
    again = line("2025-04-01", "court-date", court_on="2025-09-01")
    assert not holds("{day: {of: court-outcome}}", HEARING, told, again)
    assert holds("{day: {of: lease-end, at_least: {days: 16}, less_than: {days: 17}}}", ended)
    assert holds("{day: {of: owed-since, before: lease-end}}", DEBT, ended)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            "{not: {plan: {state: [live, breached]}}}",
            "not (plan live or breached (found: no plan))",
        ),
        ("{never: {step: notice}}", "not (notice happened (found: never))"),
        ("{not: {last: {is_not: text}}}", "not (last message is not text (found: none))"),
        ("{last: {none: true}}", "no message yet (found: none)"),
        ("{not: {court_date: [today, past]}}", "not (court date today, past (found: missing))"),
        ("{not: {court_outcome: {is: x}}}", "not (court outcome is x (found: none))"),
        ("{not: {active: {step: notice}}}", "not (notice active (found: none))"),
        ("{not: {vulnerability: any}}", "not (vulnerability any (found: none))"),
        ("{not: {owed_for: {at_least: {days: 1}}}}", "not (owed for at least 1 day (found: since"),
        ("{any: [{hardship: false}, {pause: none}]}", "hardship no (found: no) or pause none (fo"),
        (
            "{not: {day: {of: payment, at_least: {weeks: 1}, before: court-date}}}",
            "not (payment on no known day, at least 1 week ago, before court-date on no known day)",
        ),
    ],
)
def test_what_was_asked_stands_beside_what_was_found(when, said):
    """So that a condition that must not hold cannot be read as the contrary of what was found."""
    policy = policy_of(
        f"{HEAD}steps: {{yes: {{title: it holds}}}}\n{KINDS}\n"
        f"rules:\n  - {{rule: r, rank: 1, propose: yes, because: b, when: {when}}}\ndefault: null\n"
    )

    assert f"b ({said}" in simulated(on="2025-06-16", policies=[policy])["because"]
