"""What was formal once is over when nothing was owed any more."""

import pytest
from telling import line, policy_of, rule, rules, simulated

LETTERS = "letter: {title: L, is_message: true}, notice: {title: N, is_message: true, formal: true}"
OF_THIS_DEBT = "{happened: {message: notice, in_this_debt: true}}"
EVER = "{happened: {message: notice}}"
OWED = "{owed: {more_than: {cents: 0}}}"
OLD_DEBT = [
    line("2024-01-10", "charge", cents=30_000),
    line("2024-02-01", "message", kind="notice"),
]
NEW_DEBT = line("2024-06-10", "charge", cents=30_000)


@pytest.mark.parametrize(
    ("paid_cents", "stopped"), [(30_000, []), (29_999, ["formal-path"])], ids=["settled", "a cent"]
)
def test_the_formal_path_is_over_once_the_account_was_settled(paid_cents, stopped):
    paid = line("2024-03-01", "payment", cents=paid_cents)
    send = line("2024-07-01", "send", step="letter")
    policy = policy_of(rules(rule("r", 1, OWED, "letter"), steps=LETTERS))

    (sending,) = simulated(*OLD_DEBT, paid, NEW_DEBT, send, on="2024-07-01", policies=[policy])[
        "sendings"
    ]

    assert sending["stopped_by"] == stopped


@pytest.mark.parametrize(
    ("when", "paid_cents", "proposed"),
    [(OF_THIS_DEBT, 30_000, None), (OF_THIS_DEBT, 29_999, "letter"), (EVER, 30_000, "letter")],
)
def test_a_rule_may_ask_only_for_what_happened_in_this_debt(when, paid_cents, proposed):
    paid = line("2024-03-01", "payment", cents=paid_cents)
    policy = policy_of(rules(rule("r", 1, when, "letter"), steps=LETTERS))

    answer = simulated(*OLD_DEBT, paid, NEW_DEBT, on="2024-07-01", policies=[policy])

    assert answer["proposed"] == proposed


def test_a_day_that_only_money_short_of_a_stated_balance_moves_does_not_settle():
    stated = line("2024-06-20", "balance", cents=5_000)
    send = line("2024-07-01", "send", step="letter")
    policy = policy_of(rules(rule("r", 1, OWED, "letter"), steps=LETTERS))

    (sending,) = simulated(OLD_DEBT[1], stated, send, on="2024-07-01", policies=[policy])[
        "sendings"
    ]

    assert sending["stopped_by"] == ["formal-path"]


@pytest.mark.parametrize(
    ("appointed", "stopped"),
    [("2024-02-20", []), ("2024-04-20", []), ("2024-06-11", ["formal-path"])],
    ids=["before it was settled", "while nothing was owed", "in the new debt"],
)
@pytest.mark.parametrize("what", ["court-date", "eviction"])
def test_a_day_in_court_or_of_the_bailiff_is_over_with_its_debt(what, appointed, stopped):
    day = {"court-date": "court_on", "eviction": "evict_on"}[what]
    fixed = line("2024-02-10", what, **{day: appointed})
    paid = line("2024-03-01", "payment", cents=30_000)
    send = line("2024-07-01", "send", step="letter")
    policy = policy_of(rules(rule("r", 1, OWED, "letter"), steps=LETTERS))

    lines = [OLD_DEBT[0], fixed, paid, NEW_DEBT, send]
    (sending,) = simulated(*lines, on="2024-07-01", policies=[policy])["sendings"]

    assert sending["stopped_by"] == stopped


def test_a_day_in_court_ahead_stops_a_letter_whatever_was_paid():
    fixed = line("2024-02-10", "court-date", court_on="2024-07-02")
    paid = line("2024-03-01", "payment", cents=30_000)
    send = line("2024-07-01", "send", step="letter")
    policy = policy_of(rules(rule("r", 1, OWED, "letter"), steps=LETTERS))

    lines = [OLD_DEBT[0], fixed, paid, NEW_DEBT, send]
    (sending,) = simulated(*lines, on="2024-07-01", policies=[policy])["sendings"]

    assert sending["stopped_by"] == ["formal-path"]
