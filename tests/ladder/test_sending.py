"""A sending is judged again at its very moment, by what was known then."""

import pytest
from telling import HEAD, SMALL, line, policy_of, rule, rules, shipped, simulated

from services.arrears.ladder.refused_line import LineRefused

POLICY = policy_of(
    HEAD
    + """
bank_data_days: 3
moratorium:
  from: "11-01"
  until: "03-15"
  unless:
    any:
      - happened: {step: refused-help, at_least: {days: 1}}
      - happened: {step: danger}
steps:
  letter: {title: Letter, is_message: true, fee_cents: 1000, first_free: true, fee_cap_cents: 1500}
  petition: {title: Petition, statutory: true, formal: true}
  evict: {title: Evict, formal: true, evicts: true}
also_recorded: [refused-help, danger]
rules:
  - {rule: r, rank: 1, propose: letter, because: b, when: {owed: {more_than: {cents: 0}}}}
default: null
"""
)
DEBT = line("2025-01-01", "charge", cents=500_00)
PLAN = line(
    "2025-05-01",
    "plan",
    plan="p",
    frequency="monthly",
    first_due_on="2025-12-01",
    instalment_cents=500_00,
)


def sendings(*lines, on="2026-12-31"):
    return simulated(*lines, on=on, policies=[POLICY])["sendings"]


def send(on="2025-06-16", at=None, step="letter"):
    return line(on, "send", step=step) | ({"at": at} if at else {})


def test_money_that_came_an_hour_before_stops_a_letter_and_an_hour_after_does_not():
    paid = line("2025-06-16", "payment", cents=500_00, at="09:00")

    (before,) = sendings(DEBT, paid, send(at="08:59"))
    (after,) = sendings(DEBT, paid, send(at="09:00"))

    assert (before["sent"], before["stopped_by"]) == (True, [])
    assert (after["sent"], after["stopped_by"]) == (False, ["paid"])
    assert after["at"] == "2025-06-16T09:00:00"


def test_money_that_was_not_recorded_yet_stops_nothing():
    paid = line("2025-06-10", "payment", cents=500_00, recorded_on="2025-06-17")

    assert sendings(DEBT, paid, send())[0]["sent"]
    assert not sendings(DEBT, paid, send("2025-06-17"))[0]["sent"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([line("2025-06-01", "payment", cents=500_00)], "paid"),
        ([PLAN], "plan-active"),
        ([line("2025-06-01", "hardship")], "hardship"),
        ([line("2025-06-01", "dispute")], "dispute"),
        ([line("2025-06-01", "pause", reason="r", review_on="2025-06-02")], "paused"),
        ([line("2025-06-01", "court-date", court_on="2025-07-01")], "formal-path"),
        ([line("2025-06-01", "step", kind="petition")], "formal-path"),
        ([line("2025-06-01", "bank-data", complete_until="2025-06-12")], "bank-data-stale"),
        ([line("2025-06-01", "lease-ended")], "not-the-tenant"),
        ([line("2025-06-01", "deceased")], "deceased"),
    ],
)
def test_each_reason_stops_a_letter(lines, reason):
    (stopped,) = sendings(DEBT, *lines, send())

    assert (stopped["sent"], stopped["stopped_by"]) == (False, [reason])


def test_every_reason_is_told_of_a_lease_that_ended_by_death():
    gone = [line("2025-06-01", "deceased"), line("2025-06-02", "lease-ended")]

    (stopped,) = sendings(DEBT, *gone, send())

    assert stopped["stopped_by"] == ["not-the-tenant", "deceased"]


@pytest.mark.parametrize(
    ("on", "more", "stopped"),
    [
        ("2025-10-31", [], False),
        ("2025-11-01", [], True),
        ("2026-03-15", [], True),
        ("2026-03-16", [], False),
        ("2025-12-01", [line("2025-12-01", "step", kind="refused-help")], True),
        ("2025-12-01", [line("2025-11-30", "step", kind="refused-help")], False),
        ("2025-12-01", [line("2025-12-01", "step", kind="danger")], False),
    ],
)
def test_the_moratorium_stops_an_eviction_on_both_its_days(on, more, stopped):
    (sending,) = sendings(DEBT, *more, send(on, step="evict"))

    assert sending["stopped_by"] == (["moratorium"] if stopped else [])
    assert sending["sent"] is not stopped


@pytest.mark.parametrize(
    ("on", "stops"),
    [
        ("2025-05-31", []),
        ("2025-06-01", ["moratorium"]),
        ("2025-08-31", ["moratorium"]),
        ("2025-09-01", []),
    ],
)
def test_a_moratorium_may_lie_within_a_year(on, stops):
    text = SMALL.replace("steps: {}", "steps: {evict: {title: Evict, evicts: true}}")
    summer = 'moratorium: {from: "06-01", until: "08-31"}\n'

    answer = simulated(
        DEBT, send(on, step="evict"), on="2025-12-31", policies=[policy_of(summer + text)]
    )

    assert answer["sendings"][0]["stopped_by"] == stops


def test_the_moratorium_does_not_stop_a_filing():
    (filed,) = sendings(DEBT, send("2025-12-01", step="petition"))

    assert (filed["sent"], filed["draft"], filed["stopped_by"]) == (False, True, [])


def test_the_first_letter_is_free_and_fees_keep_to_their_cap():
    days = ("2025-06-01", "2025-06-15", "2025-07-01", "2025-07-15")

    fees = [s["fee_cents"] for s in sendings(DEBT, *(send(day) for day in days))]

    assert fees == [0, 1000, 500, 0]


def test_what_was_sent_counts_for_what_comes_after_and_what_was_stopped_does_not():
    policy = shipped("wallonie")
    rent = line(
        "2025-01-01",
        "rent",
        period="monthly",
        first_day="2025-01-01",
        parts=[{"name": "loyer", "cents": 500_00}],
    )

    def proposed(*more):
        return simulated(rent, DEBT, *more, on="2025-03-01", policies=[policy])["proposed"]

    first = send("2025-02-10", step="first-reminder")
    assert proposed() == "first-reminder"
    assert proposed(first) == "second-reminder"
    stopped = line("2025-02-09", "dispute"), first, line("2025-02-11", "dispute-settled")
    assert proposed(*stopped) == "first-reminder"


@pytest.mark.parametrize(("hour", "proposed"), [("15:00", "second"), ("08:00", None)])
def test_what_was_sent_stands_in_its_place_among_the_messages_of_its_day(hour, proposed):
    when = "{last: {is: second}}"
    steps = "letter: {title: L, is_message: true}, second: {title: S, is_message: true}"
    policy = policy_of(rules(rule("r", 1, when, "second"), steps=steps))
    other = line("2025-06-16", "message", kind="second", at=hour)

    answer = simulated(DEBT, other, send(at="09:00"), on="2025-06-20", policies=[policy])

    assert answer["proposed"] == proposed


def test_a_sending_that_no_policy_knows_is_refused():
    with pytest.raises(LineRefused, match="pas d'étape «\u00a0unknown\u00a0»"):
        sendings(DEBT, send(step="unknown"))
    with pytest.raises(LineRefused, match=r"ne vaut le 2025-06-16.*nommez-en une par --policy"):
        simulated(DEBT, send(), on="2025-12-31")
    with pytest.raises(LineRefused, match="small 1 est adoptée le 2020-01-01 et vaut dès"):
        simulated(DEBT, send("2019-12-31"), on="2025-12-31", policies=[POLICY])


def test_what_was_known_on_a_day_leaves_out_what_was_recorded_later():
    late = line("2025-02-01", "payment", cents=500_00, recorded_on="2025-04-01")

    def owed(known_on):
        answer = simulated(DEBT, late, on="2025-03-01", known_on=known_on, policies=[POLICY])
        return answer["balance_cents"], answer["proposed"]

    assert owed("2025-03-31") == (500_00, "letter")
    assert owed("2025-04-01") == (0, None)
    assert owed(None) == (0, None)


def test_a_balance_stated_of_the_day_is_undone_by_what_came_after_the_sending():
    charge = line("2025-06-16", "charge", cents=1000_00, at="18:00")
    stated = line("2025-06-16", "balance", cents=1000_00)

    assert sendings(charge, stated, send(at="10:00"))[0]["stopped_by"] == ["paid"]
    assert sendings(charge, stated, send(at="18:00"))[0]["sent"]


def test_the_moratorium_is_judged_on_the_bailiff_s_day():
    winter = line("2025-10-01", "eviction", evict_on="2025-11-05")
    spring = line("2026-03-01", "eviction", evict_on="2026-03-20")

    (in_autumn,) = sendings(DEBT, winter, send("2025-10-30", step="evict"))
    (in_march,) = sendings(DEBT, spring, send("2026-03-10", step="evict"))

    assert (in_autumn["stopped_by"], in_march["stopped_by"]) == (["moratorium"], [])


def test_a_refusal_of_today_lifts_the_moratorium_for_a_bailiff_s_day_ahead():
    answer = simulated(
        line("2024-01-01", "charge", cents=200_000),
        line("2024-11-01", "eviction", evict_on="2024-11-20"),
        line("2024-11-05", "step", kind="budget-guidance-refused", at="08:00"),
        line("2024-11-05", "send", step="eviction", at="10:00"),
        on="2024-11-05",
        policies=[shipped("wallonie")],
    )
    assert [s["stopped_by"] for s in answer["sendings"]] == [[]]


def test_a_refusal_recorded_on_the_very_day_does_not_lift_the_walloon_moratorium():
    refused = line("2025-01-02", "step", kind="budget-guidance-refused", recorded_on="2025-01-10")
    executed = line("2025-01-10", "send", step="eviction", at="14:00")
    later = line("2025-01-11", "send", step="eviction", at="14:00")

    answer = simulated(
        DEBT, refused, executed, later, on="2025-02-01", policies=[shipped("wallonie")]
    )

    assert [s["stopped_by"] for s in answer["sendings"]] == [["moratorium"], []]


def test_a_line_that_names_a_plan_that_is_not_there_is_refused():
    with pytest.raises(LineRefused, match="Aucun plan ne s'appelle «\u00a0q\u00a0»"):
        sendings(DEBT, line("2025-02-01", "payment", cents=1, plan="q"))


def test_a_sending_keeps_to_the_bank_days_of_the_policy_of_its_day():
    later = SMALL.replace("policy: small", "policy: later").replace(
        "adopted_on: 2020-01-01\napplies_from: 2020-01-01",
        "adopted_on: 2025-07-01\napplies_from: 2021-01-01\nscope: {earlier_days: true}",
    )
    later = later.replace("steps: {}", "bank_data_days: 90\nsteps: {letter: {title: Letter}}")
    stale = line("2025-06-01", "bank-data", complete_until="2025-06-12")

    answer = simulated(DEBT, stale, send(), on="2025-12-31", policies=[POLICY, policy_of(later)])

    assert answer["policy"] == "later"
    assert answer["sendings"][0]["stopped_by"] == ["bank-data-stale"]
