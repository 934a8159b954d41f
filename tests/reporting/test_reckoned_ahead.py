"""Whoever looks after a quiet moment finds reckoned what took long before the last facts came."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from made_up import chained, charge

from services.reporting import reckoned as module
from services.reporting.figures import Period, known_on, period_of
from services.reporting.indicators.register import indicators
from services.reporting.reckoned import Ask, Reckoned
from services.reporting.reckoned_ahead import ReckonedAhead

LOG = chained([charge(n) for n in range(60)])
ALL = tuple(indicators())
DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Desk:
    """A store that takes facts, a clock, and how often a figure was counted."""

    def __init__(self, taker):
        self.taker = taker
        self.day = DAY
        self.counted = 0
        self.reporting = SimpleNamespace(
            store=taker.store, reckoned=Reckoned(), now=lambda: self.day
        )
        self.ahead = ReckonedAhead(self.reporting)

    def look(self, asked=None):
        """The figures of two years as somebody asks for them; how many had to be counted."""
        known, before = known_on(asked, self.day), self.counted
        periods = [period_of(2025, known), period_of(2026, known)]
        with self.taker.store.read() as cursor:
            self.reporting.reckoned.figures(cursor, ALL, periods, known)
        return self.counted - before

    def take(self, upto):
        self.taker.take(LOG[self.taker.position : upto], first_offset=self.taker.position)

    def tick(self):
        before = self.counted
        self.ahead.look()
        self.ahead.stop()
        return self.counted - before


@pytest.fixture
def desk(taker, monkeypatch):
    desk = Desk(taker())
    count = module.counted

    def counted(*given):
        desk.counted += 1
        return count(*given)

    monkeypatch.setattr(module, "counted", counted)  # the real one, and how often it was asked
    monkeypatch.setattr(module, "SLOW_S", 0.0)  # every one of these few facts is slow
    desk.take(20)
    assert desk.look() == 2 * len(ALL)
    return desk


def test_it_is_reckoned_ahead_once_facts_came_and_no_more_follow(desk):
    desk.take(40)
    assert desk.tick() == 0, "more may follow"
    assert desk.tick() == 2 * len(ALL)
    assert desk.tick() == 0

    assert desk.look() == 0


def test_nothing_is_reckoned_ahead_while_facts_keep_coming(desk):
    for upto in (30, 40, 50, 60):
        desk.take(upto)
        assert desk.tick() == 0

    assert desk.look() == 2 * len(ALL)


def test_what_was_quick_is_not_reckoned_ahead(desk, monkeypatch):
    monkeypatch.setattr(module, "SLOW_S", 60.0)  # none of these few facts is slow
    desk.reporting.reckoned = Reckoned()
    desk.look()
    desk.take(40)

    assert [desk.tick(), desk.tick()] == [0, 0]


def test_what_nobody_asked_for_within_a_day_is_not_reckoned_ahead(desk, monkeypatch):
    desk.take(40)
    monkeypatch.setattr(module, "REMEMBERED_S", -1)  # the day is over

    assert [desk.tick(), desk.tick()] == [0, 0]


def test_what_was_known_on_a_past_day_is_not_reckoned_ahead(taker, desk):
    desk.reporting.reckoned = Reckoned()
    desk.look(asked="2026-01-04")
    desk.take(40)

    assert [desk.tick(), desk.tick()] == [0, 0]


def test_the_next_day_it_is_reckoned_up_to_that_day(desk):
    desk.day += timedelta(days=1)
    desk.take(40)
    assert desk.tick() + desk.tick() == 2 * len(ALL)

    assert desk.look() == 0


def test_the_same_pages_of_another_day_are_one_ask_and_a_year_ends_with_its_last_day():
    def ask(today):
        years = (Period(date(2025, 1, 1), date(2025, 12, 31)), Period(date(2026, 1, 1), today))
        return Ask(ALL, years, today)

    eve, last = ask(date(2026, 12, 30)), ask(date(2026, 12, 31))

    assert eve.key == last.key
    assert eve.on(date(2027, 1, 2)).periods == last.periods
