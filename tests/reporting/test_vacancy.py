"""I25: dwellings that nobody rents on the last evening, lettable or not, and the check of both."""

from datetime import UTC, date, datetime

import pytest
from told import NOW

from services.reporting.figures import known_on, parameters, period_of
from services.reporting.indicators.register import indicator
from services.reporting.parts import parts
from services.reporting.reconciliation import CHECKS

LAST = date(2024, 12, 31)
OLD = date(2010, 1, 1)


@pytest.fixture
def street(company):
    """Five dwellings; the first is let."""
    for number in range(1, 6):
        company.say("intake.dwelling-registered", dwelling=number, registered_on=OLD)
    company.let(1, OLD, dwelling=1)
    return company


def vacancy(street, known=NOW, year=2024):
    lettable, of = street.sides("I25A", year, known)
    unlettable, of_too = street.sides("I25B", year, known)
    assert of == of_too
    return lettable, unlettable, of


def test_a_dwelling_is_let_lettable_or_not_on_the_last_evening(street):
    street.let(2, OLD, LAST, dwelling=2)  # its last day: nobody is there that evening
    street.let(3, date(2025, 1, 1), dwelling=3)  # begins the day after
    for number, day in ((4, LAST), (5, date(2025, 1, 1))):
        street.say("intake.letting-suspended", dwelling=number, unlettable_from=day)
    street.say("intake.dwelling-registered", dwelling=6, registered_on=date(2025, 1, 1))
    street.take()

    assert vacancy(street) == (3, 1, 5)
    assert street.figure("I25B", 2024)["value"] == "20.00"
    assert vacancy(street, year=2025) == (2, 2, 6)


def test_a_suspension_lasts_until_its_own_end_and_a_withdrawn_one_never_was(street):
    suspended = street.say("intake.letting-suspended", dwelling=2, unlettable_from=OLD)
    street.say("intake.letting-resumed", dwelling=2, lettable_from=date(2023, 5, 1))
    street.say("intake.letting-suspended", dwelling=2, unlettable_from=date(2024, 5, 1))
    street.say("intake.letting-resumed", dwelling=2, lettable_from=date(2025, 1, 1))
    street.say("intake.letting-suspended", dwelling=3, unlettable_from=OLD)
    street.say("intake.letting-resumed", dwelling=3, lettable_from=LAST)
    wrong = street.say("intake.letting-suspended", dwelling=4, unlettable_from=OLD)
    undone = {"corrects": wrong, "withdrawn": True}
    street.say("intake.letting-suspended", dwelling=4, unlettable_from=OLD, **undone)
    street.take()

    assert suspended == 7
    assert vacancy(street) == (3, 1, 5)
    assert vacancy(street, year=2023) == (3, 1, 5)  # the third, until the eve of 2025
    assert vacancy(street, year=2022) == (2, 2, 5)


def test_what_was_recorded_later_was_not_known(street):
    at = datetime(2025, 2, 1, tzinfo=UTC)
    street.say("intake.letting-suspended", dwelling=5, unlettable_from=OLD, at=at)
    street.take()

    assert vacancy(street, known_on("2025-01-31", at)) == (4, 0, 5)
    assert vacancy(street) == (3, 1, 5)


def test_each_part_cites_the_dwelling_its_last_lease_and_its_suspension(street):
    street.let(2, OLD, date(2020, 6, 30), dwelling=2)
    street.let(3, date(2021, 1, 1), date(2024, 6, 30), dwelling=2)
    street.say("intake.letting-suspended", dwelling=2, unlettable_from=date(2024, 7, 1))
    street.take()

    with street.taker.store.read() as cursor:
        period = period_of(2024, NOW)
        (part,) = parts(cursor, indicator("I25B").numerator, period, NOW, "alpha")

    assert part["amount"] == 1
    assert part["facts"] == [f"alpha/intake/{n}" for n in (2, 9, 10, 11)]


def both_sides(street):
    (check,) = [check for check in CHECKS if check.id == "C05"]
    period = period_of(2024, NOW)
    with street.taker.store.read() as cursor:
        return tuple(
            cursor.execute(sql, parameters(sql, period, NOW)).fetchone()[0]
            for sql in (check.left, check.right)
        )


def test_let_lettable_and_not_lettable_make_all(street):
    street.say("intake.letting-suspended", dwelling=2, unlettable_from=OLD)
    street.take()

    assert both_sides(street) == (5, 5)


def test_a_dwelling_let_twice_or_let_while_it_cannot_be_does_not_add_up(street):
    street.let(2, OLD, dwelling=1)
    street.say("intake.letting-suspended", dwelling=1, unlettable_from=OLD)
    street.take()

    assert both_sides(street) == (7, 5)
