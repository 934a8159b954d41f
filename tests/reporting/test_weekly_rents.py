"""Rents that are not monthly, in figures: each charge once, months by what a period comes to."""

from datetime import date, timedelta

import pytest

MONDAY = date(2024, 7, 1)


def charge(company, lease, number, cents, first, days=7, a_year=52):
    """One of several charges of one month: July 2024 has five Mondays."""
    said = {"lease": lease, "charge": 100 * lease + number, "month": f"{first:%Y-%m}"}
    said |= {"rent_cents": cents, "charges_cents": 0, "due_on": first, "period_start": first}
    said |= {"period_end": first + timedelta(days=days - 1), "periods_a_year": a_year}
    return company.say("arrears.rent-charged", **said)


def pay(company, lease, number, cents, on, *charges):
    said = {"lease": lease, "payment": 100 * lease + number}
    lines = [{"charge_id": f"{charge:032x}", "cents": part} for charge, part in charges]
    company.say("arrears.payment-received", **said, amount_cents=cents, value_date=on)
    company.say("arrears.payment-allocated", payment=said["payment"], lease=lease, lines=lines)


def test_five_weeks_of_one_month_are_five_charges(company):
    company.let(1, date(2024, 1, 1))
    weeks = [MONDAY + timedelta(days=7 * n) for n in range(5)]
    for n, week in enumerate(weeks):
        charge(company, 1, n, 100_00, week)
    pay(company, 1, 1, 150_00, date(2024, 7, 9), (100, 100_00), (101, 50_00))
    company.take()

    assert company.sides("I05", 2024) == (150_00, 500_00)
    assert company.sides("I01", 2024) == (350_00, 500_00)


@pytest.mark.parametrize(
    ("days", "a_year", "owed", "months"),
    [
        # 100.00 a week comes to 433.33 a month: 10,000 × 52 ÷ 12
        (7, 52, 433_32, 0),
        (7, 52, 433_33, 1),
        (7, 52, 1_299_98, 1),
        (7, 52, 1_299_99, 3),
        (7, 48, 400_00, 1),
        (7, 48, 1_199_99, 1),
        (7, 48, 1_200_00, 3),
        (14, 26, 216_66, 0),
        (14, 26, 216_67, 1),
        (28, 13, 108_32, 0),
        (28, 13, 108_33, 1),
    ],
)
def test_months_in_arrears_are_counted_by_what_the_last_period_comes_to(
    company, days, a_year, owed, months
):
    company.let(1, date(2024, 1, 1))
    charge(company, 1, 0, owed - 100_00, date(2024, 1, 1), days, a_year)
    charge(company, 1, 1, 100_00, MONDAY, days, a_year)
    company.take()

    assert company.sides("I07", 2024)[1] == (1 if months >= 1 else 0)
    assert company.sides("I04", 2024) == (1 if months >= 3 else 0, 1)
