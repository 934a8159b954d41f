"""What moved a year between two days is given to an auditor whole, and once."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from made_up import START, chained, charge

from services.reporting.differences import differences
from services.reporting.figures import known_on
from services.reporting.replay import facts_behind

NOW = datetime(2024, 12, 31, tzinfo=UTC)


def moved(store, first, second):
    with store.read() as cursor:
        one, other = known_on(first, NOW), known_on(second, NOW)
        return differences(cursor, "alpha", 2024, one, other)


def test_every_fact_that_moved_a_figure_is_given_once_with_the_figures_it_moved(taker):
    one = taker()
    late = START.replace(month=6)
    early = [charge(n) for n in range(4)]
    corrected = charge(1, recorded_at=late, corrects="alpha/arrears/2")
    one.take(chained([*early, corrected, charge(5, recorded_at=late)]))
    reporting = SimpleNamespace(company=SimpleNamespace(slug="alpha"), store=one.store)

    facts = facts_behind(reporting, moved(one.store, "2024-03-31", "2024-12-30"))

    kinds = {fact["fact"]: fact["kind"] for fact in facts}
    assert len(facts) == len(kinds)
    assert "alpha/arrears/6" in kinds
    (last,) = [fact for fact in facts if fact["fact"] == "alpha/arrears/6"]
    assert last["occurred_on"] == date(2024, 6, 10)
    assert last["recorded_at"].startswith("2024-06-01 08:00:00")
    assert "I05" in last["indicators"].split(", ")
    assert (last["corrects"], last["withdrawn"]) == (None, False)


def test_between_two_days_on_which_nothing_came_nothing_moved(taker):
    one = taker()
    one.take(chained([charge(n) for n in range(4)]))
    reporting = SimpleNamespace(company=SimpleNamespace(slug="alpha"), store=one.store)

    assert facts_behind(reporting, moved(one.store, "2024-12-29", "2024-12-30")) == []
