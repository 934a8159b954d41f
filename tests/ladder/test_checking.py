"""What is wrong with a policy that can be read: rules that never fire, states without a rule."""

import pytest
from telling import SHIPPED, policy_of, rule, rules

from services.arrears.ladder.checking import check


@pytest.mark.parametrize("policy", SHIPPED, ids=lambda policy: policy.policy)
def test_of_each_shipped_policy_every_rule_can_fire(policy):
    found = check(policy)

    assert (found["never_fire"], found["undecided"]) == ([], [])


def test_a_rule_that_an_earlier_one_hides_can_never_fire():
    policy = policy_of(
        rules(
            rule("wide", 1, "{owed: {at_least: {cents: 100}}}"),
            rule("narrow", 2, "{owed: {more_than: {rents: 1}, at_least: {cents: 100}}}"),
            rule("other", 3, "{owed: {less_than: {cents: 100}}}"),
        )
    )

    found = check(policy)

    assert [entry["rule"] for entry in found["never_fire"]] == ["narrow"]
    assert "« wide » of rank 1 comes first" in found["never_fire"][0]["reason"]
    assert found["unmatched"] is None


def test_a_rule_that_several_hide_together_can_never_fire():
    policy = policy_of(
        rules(
            rule("yes", 1, "{dispute: true}"),
            rule("no", 2, "{dispute: false}"),
            rule("late", 3, "{owed: {more_than: {cents: 1}}}"),
        )
    )

    assert [entry["rule"] for entry in check(policy)["never_fire"]] == ["late"]


def test_a_rule_that_contradicts_itself_can_never_fire():
    when = "{all: [{last: {is: a}}, {never: {any_message: true}}]}"
    policy = policy_of(rules(rule("x", 1, when), steps="a: {title: A, is_message: true}"))

    (entry,) = check(policy)["never_fire"]

    assert entry["reason"] == "its condition contradicts itself"


BY_AID = "{tenant: {months: 0.5}, landlord: {cents: 1}, nobody: {cents: 1}}"


@pytest.mark.parametrize(
    "bounds",
    [
        "at_least: {rents: 4}, less_than: {months: 1}",
        "at_least: {cents: 60000}, less_than: {rents: 1}",
        "more_than: {rents: 3}, at_most: {cents: 30000}",
        "at_most: {cents: -10000}, net: true",
        f"more_than: {{cents: 90000}}, less_than: {{by_housing_aid: {BY_AID}}}",
    ],
)
def test_a_rule_that_fires_for_some_rent_can_fire(bounds):
    policy = policy_of(rules(rule("x", 1, f"{{owed: {{{bounds}}}}}")))

    assert check(policy)["never_fire"] == []


@pytest.mark.parametrize("which", ["first", "any"])
def test_the_first_of_a_kind_may_be_long_ago_and_the_last_one_not(which):
    long_ago = f"{{happened: {{step: a, which: {which}, more_than: {{months: 2}}}}}}"
    lately = "{happened: {step: a, at_most: {weeks: 4}}}"
    policy = policy_of(rules(rule("x", 1, f"{{all: [{long_ago}, {lately}]}}")))

    assert check(policy)["never_fire"] == []


def test_a_state_that_no_rule_matches_is_shown():
    found = check(policy_of(rules(rule("x", 1, "{owed: {more_than: {cents: 100}}}"))))

    assert "at most" not in found["unmatched"]
    assert "owed" in found["unmatched"]


def message_rules(*bounds):
    lines = [
        rule(f"r{n}", n, f"{{happened: {{message: a, {bound}}}}}") for n, bound in enumerate(bounds)
    ]
    return policy_of(rules(*lines, steps="a: {title: A, is_message: true}"))


BY_AID = "{tenant: {months: 0.5}, landlord: {cents: 1}, nobody: {cents: 1}}"


@pytest.mark.parametrize(
    "bounds",
    [
        ["at_least: {months: 1}, at_most: {days: 28}"],
        ["at_least: {months: 2}, at_most: {days: 59}"],
        ["at_most: {months: 2}, at_least: {days: 62}"],
        ["at_least: {months: 6}, at_most: {days: 181}"],
        ["at_least: {days: 29}", "at_least: {months: 1}"],
        ["at_least: {days: 60}", "at_least: {months: 2}"],
        ["at_least: {months: 12}, at_most: {days: 365}"],
    ],
)
def test_months_are_as_short_and_as_long_as_the_calendar_has_them(bounds):
    assert check(message_rules(*bounds))["never_fire"] == []


BY_AID = "{tenant: {months: 0.5}, landlord: {cents: 1}, nobody: {cents: 1}}"


@pytest.mark.parametrize(
    "bounds",
    [
        ["at_least: {months: 1}, at_most: {days: 27}"],
        ["at_most: {months: 1}, at_least: {days: 32}"],
        ["at_least: {weeks: 5}, less_than: {months: 1}"],
        ["at_least: {months: 12}, at_most: {days: 364}"],
    ],
)
def test_no_month_is_shorter_or_longer_than_that(bounds):
    assert [entry["rule"] for entry in check(message_rules(*bounds))["never_fire"]] == ["r0"]


def test_flags_some_none_and_any_are_told_apart():
    some = policy_of(
        rules(
            rule("x", 1, "{vulnerability: [ill]}"),
            rule("y", 2, "{vulnerability: any}"),
            rule("z", 3, "{vulnerability: none}"),
            rule("never", 4, "{dispute: true}"),
        )
    )

    assert [entry["rule"] for entry in check(some)["never_fire"]] == ["never"]


def test_a_policy_of_too_many_states_is_given_up_in_seconds():
    def when(n):
        asked = [
            f"{{happened: {{message: m{(n + k) % 9}, at_least: {{days: {n + k}}}}}}}"
            for k in range(8)
        ]
        some, not_all = ", ".join(asked[:4]), ", ".join(asked[4:])
        return f"{{all: [{{any: [{some}]}}, {{not: {{all: [{not_all}]}}}}]}}"

    steps = ", ".join(f"m{n}: {{title: M, is_message: true}}" for n in range(9))
    lines = [rule(f"r{n}", n, when(n), "m0") for n in range(40)]

    found = check(policy_of(rules(*lines, steps=steps)))

    assert found["rules"] == 40
    assert found["undecided"]


def test_a_later_message_may_take_an_earlier_one_out_of_its_bounds():
    bounds = "at_least: {days: 5}, at_most: {days: 10}"
    when = (
        f"{{all: [{{happened: {{message: a, {bounds}}}}}, "
        f"{{never: {{any_message: true, {bounds}}}}}]}}"
    )

    found = check(policy_of(rules(rule("x", 1, when), steps="a: {title: A, is_message: true}")))

    assert found["never_fire"] == []


@pytest.mark.parametrize("asked", ["is: [x, y]", "is_not: [x]"])
def test_what_is_asked_for_as_the_last_message_is_a_message(asked):
    """Also where the policy declares it nowhere else than among what is recorded."""
    more = "also_recorded: [x, y]\n"
    when = f"{{last: {{{asked}, at_least: {{days: 14}}, less_than: {{months: 3}}}}}}"

    assert check(policy_of(rules(rule("r", 1, when), more=more)))["never_fire"] == []


def test_the_state_that_is_shown_says_what_is_asked_and_what_is_found():
    lines = [rule("r", 1, "{court_date: past}"), rule("s", 2, "{never: {step: a}}")]

    found = check(policy_of(rules(*lines)))

    assert found["unmatched"].startswith("court date past (found: missing); not (a happened (found")


DAY_RULES = [
    "{all: [{day: {of: plan-state, at_least: {weeks: 2}, after: plan}}, {plan: {state: late}}]}",
    "{day: {of: oldest-unpaid, at_least: {days: 14}, less_than: {days: 30}}}",
    "{day: {of: pause-review, ahead: {at_least: {days: 3}}}}",
    "{day: {of: court-date, at_most: {months: 3}}}",
    "{day: {of: court-date, ahead: {at_most: {weeks: 1}}}}",
    "{day: {of: plan, not_before: court-date}}",
    "{all: [{day: {of: plan, before: court-date}}, {plan: {state: breached, formal: true}}]}",
    "{day: {of: payment, at_least: {days: 8}}}",
    "{all: [{day: {of: {message: b}, after: court-date}}, {last: {is: b, at_least: {weeks: 2}}}]}",
    "{all: [{last: {is: b, at_least: {weeks: 2}}}, {day: {of: court-date, after: {message: b}}}]}",
    "{day: {of: court-outcome, more_than: {weeks: 6}}}",
    "{day: {of: lease-end, at_least: {weeks: 2}}}",
    "{all: [{day: {of: owed-since, after: lease-end}}, {owed_for: {at_least: {months: 2}}}]}",
    "{day: {of: eviction-date, ahead: {more_than: {days: 5}, less_than: {days: 7}}}}",
]


@pytest.mark.parametrize("when", DAY_RULES)
def test_a_rule_that_asks_for_a_day_can_fire(when):
    policy = policy_of(rules(rule("r", 1, when), more="also_recorded: [b]\n"))

    found = check(policy)

    assert (found["never_fire"], found["undecided"]) == ([], [])
    assert found["unmatched"] is not None


@pytest.mark.parametrize(
    "when",
    [
        "{all: [{day: {of: court-date, at_most: {weeks: 1}}}, {court_date: future}]}",
        "{day: {of: payment, at_least: {days: 8}, at_most: {days: 7}}}",
        "{all: [{day: {of: plan, before: payment}}, {day: {of: plan, not_before: payment}}]}",
    ],
)
def test_a_rule_whose_days_cannot_be_is_found(when):
    (entry,) = check(policy_of(rules(rule("r", 1, when))))["never_fire"]

    assert entry["reason"] == "its condition contradicts itself"
