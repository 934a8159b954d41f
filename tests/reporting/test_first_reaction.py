"""I06: the median time from the first unpaid due day of arrears to the first reaction."""

from datetime import UTC, date, datetime, timedelta

import pytest
from told import NOW

from services.reporting.differences import differences
from services.reporting.figures import known_on, period_of
from services.reporting.indicators.register import indicator
from services.reporting.parts import ordered, parts

MARCH, APRIL, MAY = (date(2024, month, 10) for month in (3, 4, 5))


def day(month, number, year=2024):
    return date(year, month, number)


class Desk:
    def __init__(self, company):
        self.company, self.charges = company, 0

    def late(self, lease, due_on, **more):
        self.charges += 1
        said = {"lease": lease, "charge": self.charges, "due_on": due_on} | more
        return self.company.say("arrears.payment-missed", **said)

    def cleared(self, lease, on):
        self.company.say("arrears.arrears-cleared", lease=lease, cleared_on=on)

    def step(self, lease, taken_on, **more):
        return self.company.say("arrears.step-taken", lease=lease, taken_on=taken_on, **more)

    def visit(self, lease, on, kind="arrears"):
        self.company.say("followup.visit-recorded", lease=lease, done_on=on, kind=kind)

    def found(self, year=2024, known=NOW):
        self.company.take()
        figure = self.company.figure("I06", year, known)
        return figure["value"], figure["members"], figure["left_out"]


@pytest.fixture
def desk(company):
    return Desk(company)


def test_the_first_reaction_counts_be_it_a_step_or_an_arrears_visit(desk):
    for lease in (1, 2, 3):
        desk.late(lease, MARCH)
    desk.visit(1, day(3, 12), kind="m6")  # no arrears visit
    desk.step(1, day(3, 20))
    desk.step(1, day(3, 25))
    desk.visit(2, day(3, 14))
    desk.step(2, day(3, 20))
    desk.step(3, day(3, 9))  # before the due day
    desk.step(3, MARCH)

    assert desk.found() == ("4.00", 3, 0)  # of 0, 4 and 10


def test_of_an_even_number_it_is_the_exact_mean_of_the_two_in_the_middle(desk):
    for lease, days in ((1, 3), (2, 20), (3, 6), (4, 1)):
        desk.late(lease, MARCH)
        desk.step(lease, MARCH + timedelta(days=days))
    desk.company.take()
    figure = desk.company.figure("I06", 2024)

    assert (figure["numerator"], figure["denominator"], figure["value"]) == (9, 2, "4.50")
    assert desk.company.figure("I06", 2025)["computable"] is False


def test_a_spell_lasts_until_all_is_paid_and_a_reaction_after_that_is_none(desk):
    desk.late(1, MARCH)
    desk.late(1, APRIL)  # the same spell: nothing was paid in between
    desk.step(1, day(4, 12))
    desk.cleared(1, day(5, 20))
    desk.late(2, MARCH)
    desk.cleared(2, day(3, 20))
    desk.step(2, day(3, 21))  # too late for the first
    desk.late(2, APRIL)
    desk.step(2, day(4, 15))
    desk.late(3, MARCH)
    desk.step(3, day(3, 20))
    desk.cleared(3, day(3, 20))  # on the same day

    assert desk.found() == ("10.00", 3, 1)  # of 5, 10 and 33


def test_a_spell_belongs_to_the_year_in_which_it_begins_and_is_answered_until_its_end(desk):
    desk.late(1, day(12, 10))
    desk.step(1, day(1, 2, 2025))
    desk.late(2, day(12, 10))
    desk.step(2, day(12, 31))

    assert desk.found() == ("21.00", 1, 1)
    assert desk.company.figure("I06", 2025)["members"] == 0


def test_what_was_withdrawn_or_recorded_later_does_not_count(desk):
    at = datetime(2024, 8, 1, tzinfo=UTC)
    wrong = desk.step(1, day(3, 12))
    desk.step(1, day(3, 12), corrects=wrong, withdrawn=True)
    desk.late(1, MARCH)
    missed = desk.late(2, MARCH)
    desk.late(2, MARCH, charge=2, corrects=missed, withdrawn=True)
    desk.step(1, day(3, 30), at=at)

    assert desk.found(known=known_on("2024-07-31", at)) == (None, 0, 1)
    assert desk.company.figure("I06", 2024)["value"] == "20.00"


def test_the_members_stand_in_order_with_the_chosen_marked_and_their_facts(desk):
    for lease, days in ((1, 3), (2, 20), (3, 6), (4, 1)):
        desk.late(lease, MARCH)
        desk.step(lease, MARCH + timedelta(days=days))
    desk.late(5, MARCH)
    desk.cleared(5, day(3, 20))
    desk.company.take()
    chosen, period = indicator("I06"), period_of(2024, NOW)
    with desk.company.taker.store.read() as cursor:
        members = ordered(parts(cursor, chosen.numerator, period, NOW, "alpha"))
        (apart,) = parts(cursor, chosen.denominator, period, NOW, "alpha")

    assert [(m["amount"], m["chosen"]) for m in members] == [
        *((1, False), (3, True)),
        *((6, True), (20, False)),
    ]
    assert members[0]["facts"] == ["alpha/arrears/7", "alpha/arrears/8"]
    assert apart["facts"] == ["alpha/arrears/9", "alpha/arrears/10"]


def test_a_reaction_noted_later_is_the_cause_that_is_named(desk):
    at = datetime(2024, 8, 1, tzinfo=UTC)
    desk.late(1, MARCH)
    step = desk.step(1, day(3, 30), at=at, on=day(3, 30))
    desk.company.take()
    moments = known_on("2024-07-31", at), NOW
    with desk.company.taker.store.read() as cursor:
        changes = differences(cursor, "alpha", 2024, *moments)["changes"]

    (change,) = [change for change in changes if change["indicator"] == "I06"]
    assert (change["before"], change["after"]) == (None, "20.00")
    assert change["because"] == [{"fact": f"alpha/arrears/{step}", "kind": "late"}]
