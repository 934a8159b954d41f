"""Until when bank data is complete, and what is missing between two statements of an account."""

from datetime import date

import pytest

from services.arrears.bank_data import Gap
from services.arrears.imports import FileKind, import_file
from services.chassis.caller import Caller
from services.demonstration.coda_writer import Booking, write_statement

ACCOUNT, OTHER = "BE68539007547034", "BE43068999999501"
FIRST, SECOND, THIRD = date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 2)
CENTS = 5_00


@pytest.fixture
def told(new_company, hosts):
    """What the bank has told one company: statements as number, day, opening balance and bookings,
    one of 5 € where none is given.
    """
    arrears = hosts("arrears").service(new_company())

    def told(*statements, account=ACCOUNT):
        for number, day, opening, *bookings in statements:
            moved = bookings or [Booking(CENTS, day)]
            content = write_statement(account, number, day, opening, moved)
            report = import_file(arrears, Caller("officer"), FileKind.CODA, "s.cod", content)
            assert report["state"] == "accepted", report
        return arrears.bank_data()

    return told


def test_statements_that_follow_on_are_complete_until_the_last_one(told):
    data = told((7, FIRST, 0), (8, SECOND, CENTS), (1, THIRD, 2 * CENTS))

    assert (data.complete_until, data.gaps) == (THIRD, [])


def test_a_number_that_is_skipped_within_a_year_is_missing_until_it_comes(told):
    data = told((7, date(2024, 12, 27), 0), (9, SECOND, CENTS))
    assert data.complete_until == date(2024, 12, 27)
    assert data.gaps == [Gap(ACCOUNT, date(2024, 12, 27), SECOND, "number-missing")]

    # What came in on it went out again: only its number told that it was missing.
    filled = told((8, FIRST, CENTS, Booking(CENTS, FIRST), Booking(-CENTS, FIRST)))

    assert (filled.complete_until, filled.gaps) == (SECOND, [])


def test_an_opening_that_is_not_the_last_closing_is_a_gap_whatever_the_numbers_say(told):
    data = told((7, FIRST, 0), (8, SECOND, 3 * CENTS), (1, THIRD, 4 * CENTS))

    assert data.complete_until == FIRST
    assert data.gaps == [Gap(ACCOUNT, FIRST, SECOND, "opening-balance")]


def test_a_bank_that_numbers_nothing_is_judged_by_its_balances_alone(told):
    data = told((0, FIRST, 0), (5, SECOND, CENTS))

    assert (data.complete_until, data.gaps) == (SECOND, [])


def test_a_new_year_may_begin_its_numbers_anywhere(told):
    data = told((7, SECOND, 0), (12, THIRD, CENTS))

    assert (data.complete_until, data.gaps) == (THIRD, [])


def test_the_account_furthest_back_says_until_when(told):
    told((1, FIRST, 0), (2, SECOND, CENTS))
    data = told((1, FIRST, 0), account=OTHER)

    assert (data.complete_until, data.gaps) == (FIRST, [])
