"""What a case file cannot say beside its other lines, and what it can take back."""

import pytest
from telling import line, policy_of, rule, rules, simulated

from services.arrears.ladder.refused_line import LineRefused

RENT = line(
    "2024-01-01",
    "rent",
    period="monthly",
    first_day="2024-01-01",
    parts=[{"name": "rent", "cents": 500_00}],
    charge_each_period=True,
)
PLAN = line(
    "2024-03-10",
    "plan",
    plan="p1",
    instalment_cents=500_00,
    frequency="monthly",
    first_due_on="2024-04-01",
)


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        (
            line("2024-03-09", "plan-ended", plan="p1", how="cancelled"),
            "on",
            "conclu que le 2024-03-10",
        ),
        (
            line("2024-03-11", "plan-ended", plan="p2", how="cancelled"),
            "plan",
            "p2.* Plans connus.*p1",
        ),
        (
            line("2024-03-11", "pause", reason="illness", review_on="2024-03-10"),
            "review_on",
            "2024-03-10 précède la suspension, qui commence le 2024-03-11",
        ),
        (
            line("2024-03-11", "charge-cancelled", cents=500_00, cancels="2024-02-02"),
            "cancels",
            "Aucun loyer .* le 2024-02-02",
        ),
        (
            line("2024-03-11", "charge-cancelled", cents=500_01, cancels="2024-02-01"),
            "cents",
            "2024-02-01 est de 50000 cents",
        ),
        (
            line("2024-03-11", "written-off", cents=500_00, cancels="2024-02-01"),
            "cancels",
            "Seule une ligne charge-cancelled",
        ),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_field_and_why(wrong, field, reason):
    with pytest.raises(LineRefused, match=reason) as refused:
        simulated(RENT, PLAN, wrong, on="2024-03-12")

    assert refused.value.field == field
    assert refused.value.line.what == wrong["what"]


def test_a_pause_may_be_looked_at_again_the_same_day():
    paused = line("2024-03-11", "pause", reason="illness", review_on="2024-03-11")

    assert simulated(RENT, PLAN, paused, on="2024-03-12")["balance_cents"] == 1500_00


@pytest.mark.parametrize(("cancels", "proposed"), [("2024-03-01", None), (None, "a")])
def test_a_cancelled_charge_is_the_one_that_it_names(cancels, proposed):
    """February is paid by name; of January and March the one that is left is the last, or not."""
    policy = policy_of(rules(rule("r", 1, "{unpaid_periods: {counted: consecutive, at_least: 1}}")))
    paid = line("2024-02-15", "payment", cents=500_00, pays="2024-02-01")
    gone = line("2024-03-02", "charge-cancelled", cents=500_00)
    if cancels:
        gone["cancels"] = cancels
    answer = simulated(RENT, paid, gone, on="2024-03-12", policies=[policy])

    assert answer["balance_cents"] == 500_00
    assert answer["proposed"] == proposed


def test_an_eviction_that_was_withdrawn_is_none():
    policy = policy_of(rules(rule("r", 1, "{eviction_date: future}")))
    recorded = line("2024-03-01", "eviction", evict_on="2024-04-02")
    withdrawn = line("2024-03-05", "eviction-withdrawn")
    again = line("2024-03-08", "eviction", evict_on="2024-05-02")

    def proposed(*lines, on):
        return simulated(RENT, *lines, on=on, policies=[policy])["proposed"]

    assert proposed(recorded, withdrawn, on="2024-03-04") == "a"
    assert proposed(recorded, withdrawn, on="2024-03-06") is None
    assert proposed(recorded, withdrawn, again, on="2024-03-09") == "a"
