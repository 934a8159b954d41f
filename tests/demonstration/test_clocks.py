"""Whose clock waits for whom: whoever reacts to another has heard it first, nobody else waits."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest

from services.demonstration.clocks import Clocks
from services.embedded.client import LISTENING_ORDER
from services.embedded.refusals import EmbeddedError

MONDAY, TUESDAY, WEDNESDAY = (date(2025, 1, day) for day in (6, 7, 8))
PATIENCE_S = 20


class Services:
    """Where each log stands, what each was asked, and who does not answer yet."""

    def __init__(self):
        self.positions = dict.fromkeys(LISTENING_ORDER, 1)
        self.answering = {name: threading.Event() for name in LISTENING_ORDER}
        self.came = {name: threading.Event() for name in LISTENING_ORDER}
        self.asked = []
        self.cannot_move = set()
        for gate in self.answering.values():
            gate.set()

    def wait_settled(self, company, timeout_s, clock=None, services=(), before=None):
        heads = dict(before or {})
        for name in services:
            self.came[name].set()
            assert self.answering[name].wait(PATIENCE_S)
            if clock and name in self.cannot_move:
                raise EmbeddedError(f"{name} has not caught up")
            self.asked.append((name, "moved" if clock else "settled", dict(heads)))
            heads[name] = self.positions[name]
        return heads

    def of(self, name):
        return [(how, heads) for asked, how, heads in self.asked if asked == name]


@pytest.fixture
def services():
    return Services()


@pytest.fixture
def clocks(services):
    clocks = Clocks(services, "alpha")
    clocks.set(MONDAY)
    clocks.settle()
    yield clocks
    for gate in services.answering.values():
        gate.set()
    clocks.stop()


def test_what_intake_did_is_heard_before_the_next_day_of_arrears(services, clocks):
    services.positions["intake"] = 9
    clocks.went_on("intake")

    clocks.set(TUESDAY)

    assert services.of("arrears")[-1] == ("moved", {"intake": 9})


def test_arrears_does_not_wait_for_an_intake_that_did_nothing(services, clocks):
    services.came["arrears"].clear()
    services.answering["intake"].clear()
    with ThreadPoolExecutor() as pool:
        moved = pool.submit(clocks.set, TUESDAY)

        assert services.came["arrears"].wait(PATIENCE_S)

        services.answering["intake"].set()
        moved.result(PATIENCE_S)


def test_the_play_goes_on_while_followup_and_reporting_end_their_day(services, clocks):
    services.answering["followup"].clear()

    clocks.set(TUESDAY)

    assert [how for how, _ in services.of("arrears")] == ["moved", "settled", "moved"]
    assert [how for how, _ in services.of("followup")] == ["moved", "settled"]


def test_followup_is_asked_in_its_new_day_once_it_has_heard_what_arrears_did(services, clocks):
    services.answering["followup"].clear()
    clocks.set(TUESDAY)
    clocks.went_on("arrears")
    services.positions["arrears"] = 7
    with ThreadPoolExecutor() as pool:
        settled = pool.submit(clocks.settle)
        services.answering["followup"].set()
        settled.result(PATIENCE_S)

    hows = [how for how, _ in services.of("followup")]
    assert hows == ["moved", "settled", "moved", "settled"]
    assert services.of("followup")[-1][1]["arrears"] == 7


def test_followup_is_not_asked_in_a_day_that_it_could_not_begin(services):
    services.cannot_move.add("followup")
    clocks = Clocks(services, "alpha")
    clocks.set(MONDAY)

    with pytest.raises(EmbeddedError, match="followup has not caught up"):
        clocks.settle()

    assert services.of("followup") == []
    clocks.close()


def test_reporting_ends_its_day_with_all_that_the_others_said(services, clocks):
    services.positions |= {"intake": 4, "arrears": 5, "followup": 6}
    clocks.went_on("intake")

    clocks.set(TUESDAY, running=True)
    clocks.stop()

    assert services.of("reporting")[-1] == ("moved", {"intake": 4, "arrears": 5, "followup": 6})


def test_nobody_waits_for_reporting_which_stands_with_the_others_at_the_end(services):
    services.answering["reporting"].clear()
    clocks = Clocks(services, "alpha")
    for day in (MONDAY, TUESDAY):
        clocks.set(day)
        clocks.settle()
    waited = services.of("reporting")
    services.positions["arrears"] = 8
    with ThreadPoolExecutor() as pool:
        ended = pool.submit(clocks.set, WEDNESDAY, running=True)
        assert not wait([ended], 0.1).done, "the end waits for it"
        services.answering["reporting"].set()
        ended.result(PATIENCE_S)
    clocks.stop()

    assert waited == []
    assert [heads["arrears"] for _, heads in services.of("reporting")] == [1, 8], "two nights once"


def test_nobody_is_asked_again_who_has_heard_everything(services, clocks):
    asked = len(services.asked)

    clocks.settle()

    assert len(services.asked) == asked
