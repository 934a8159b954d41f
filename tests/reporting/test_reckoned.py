"""A figure that was reckoned before is the one that would be reckoned now."""

from datetime import UTC, date, datetime

import pytest
from made_up import chained, charge

from services.reporting import figures
from services.reporting.figures import Period, known_on, period_of
from services.reporting.indicators.register import indicators
from services.reporting.parts import OnPage, Side, cited_on_page
from services.reporting.reckoned import Reckoned

KNOWN = known_on(None, datetime(2026, 1, 1, tzinfo=UTC))
PERIODS = [period_of(2024, KNOWN), period_of(2025, KNOWN)]
ALL = tuple(indicators())


def slowly(taker):
    with taker.store.read() as cursor:
        return {period: figures.figures(cursor, ALL, period, KNOWN) for period in PERIODS}


def quickly(taker, reckoned):
    with taker.store.read() as cursor:
        return reckoned.figures(cursor, ALL, PERIODS, KNOWN)


def test_figures_are_the_same_whether_reckoned_one_by_one_together_or_before(taker):
    one, reckoned = taker(), Reckoned()
    log = chained([charge(n) for n in range(60)])
    one.take(log[:40])

    first = quickly(one, reckoned)

    assert first == slowly(one)
    assert first[PERIODS[0]][4]["denominator"] > 0
    assert quickly(one, reckoned) == first


@pytest.mark.parametrize("seed", range(3))
def test_figures_of_many_days_at_once_are_those_of_each_day(taken, seed):
    """Months' ends, as a page shows them, and a day on which rents fall due."""
    taker = taken(seed).taker
    lasts = [date(2024, month, 10) for month in range(1, 13)] + [date(2023, 12, 31)]
    periods = [Period(date(last.year, 1, 1), last) for last in lasts]
    with taker.store.read() as cursor:
        each = {period: figures.figures(cursor, ALL, period, KNOWN) for period in periods}

        assert Reckoned().figures(cursor, ALL, periods, KNOWN) == each
    assert len({told[0]["numerator"] for told in each.values()}) > 3, "or nothing moves"


def test_a_fact_that_comes_moves_what_was_reckoned_before(taker):
    one, reckoned = taker(), Reckoned()
    log = chained([charge(n) for n in range(60)])
    one.take(log[:40])
    first = quickly(one, reckoned)

    one.take(log[40:], first_offset=40)

    assert quickly(one, reckoned) == slowly(one) != first


def test_what_was_reckoned_is_not_reckoned_again(taker):
    one, reckoned = taker(), Reckoned()
    one.take(chained([charge(n) for n in range(10)]))
    quickly(one, reckoned)
    with one.store.read() as cursor:
        cursor.execute("CREATE TEMP TABLE laid_leases (in_the_way INTEGER)")

        assert reckoned.figures(cursor, ALL, PERIODS, KNOWN)


def parts(taker, reckoned, page=1):
    with taker.store.read() as cursor:
        chosen, period = indicators()["I05"], PERIODS[0]
        return cited_on_page(cursor, chosen, period, KNOWN, "alpha", OnPage(page), reckoned)


def test_parts_and_their_facts_are_looked_for_once_until_a_fact_comes(taker, monkeypatch):
    one, reckoned = taker(), Reckoned()
    log = chained([charge(n) for n in range(60)])
    one.take(log[:40])
    first = parts(one, reckoned)
    with monkeypatch.context() as nothing_is_looked_for:
        nothing_is_looked_for.delattr(Side, "cited")
        assert parts(one, reckoned) == first

    one.take(log[40:], first_offset=40)

    assert parts(one, reckoned) == parts(one, Reckoned()) != first
    assert any(part["facts"] for part in first[1])
