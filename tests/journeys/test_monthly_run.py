"""The monthly run: each lease is charged what it says, once, and its first month by its days."""

from datetime import date

import pytest

from contracts.intake import EndReason
from services.arrears import monthly_run
from services.arrears.imports import FileKind, import_file
from services.arrears.monthly_run import (
    MonthNotPossible,
    months_to_run,
    run_month,
    select_to_charge,
)
from services.chassis.failpoint import FailPointHit, arm
from services.intake.leaseholders import Person

APRIL = date(2024, 4, 2)


def sign(company, number, start, rent=30_000, charges=5_000, **more):
    company.intake.register_dwelling(company.me, f"D{number}", date(2020, 1, 1))
    terms = (start, rent, charges, [Person("Léa Nouvelle")])
    company.intake.sign_lease(company.me, f"L{number}", f"D{number}", *terms, **more)


def charged(company, reference, month):
    with company.arrears.datastore.reading() as rows:
        found = rows.execute(
            "SELECT rent_cents, charges_cents, on_day FROM account_line"
            " WHERE lease_id = %s AND kind = 'charge' AND month = %s",
            (company.lease_id(reference), month),
        ).fetchall()
    return [tuple(row.values()) for row in found]


def run(company, month, **more):
    done = run_month(company.arrears, company.me, month, APRIL, **more)
    company.settle()
    return done


def test_a_run_charges_each_lease_once_what_it_says_on_the_day_of_the_policy(let):
    let.go_to(APRIL)
    assert run(let, "2024-04") == (2, 70_000)

    assert charged(let, "L1", "2024-04") == [(30_000, 5_000, date(2024, 4, 10))]
    assert run(let, "2024-04") == run(let, "2024-03") == (0, 0)
    roll = b"lease;month;rent;charges\nL1;2024-05;300;50\n"
    import_file(let.arrears, let.me, FileKind.RENT_ROLL, "may.csv", roll)
    assert run(let, "2024-05") == (1, 35_000)


def test_a_first_month_is_charged_by_its_days_and_not_due_before_it_began(let):
    sign(let, 3, date(2024, 4, 15), 30_001, 5_003)
    sign(let, 4, date(2024, 4, 2))
    sign(let, 5, date(2024, 4, 1))
    let.settle()
    let.go_to(APRIL)

    days = {each.reference: each.days for each in select_to_charge(let.arrears, "2024-04", APRIL)}
    run(let, "2024-04")

    assert days == {"L1": None, "L2": None, "L3": 16, "L4": 29, "L5": None}
    assert charged(let, "L3", "2024-04") == [(16_001, 2_668, date(2024, 4, 15))]
    assert charged(let, "L4", "2024-04") == [(29_000, 4_833, date(2024, 4, 10))]
    assert charged(let, "L5", "2024-04") == [(30_000, 5_000, date(2024, 4, 10))]
    run(let, "2024-05")
    assert charged(let, "L3", "2024-05") == [(30_001, 5_003, date(2024, 5, 10))]


def test_no_run_charges_a_month_that_was_cancelled_nor_one_in_which_a_lease_did_not_run(let):
    sign(let, 3, date(2024, 5, 1))
    sign(let, 4, date(2024, 3, 1), rent_period="weekly")
    let.intake.end_lease(let.me, let.lease_id("L2"), date(2024, 3, 31), EndReason.NOTICE)
    let.settle()
    let.go_to(APRIL)
    run(let, "2024-04")
    let.arrears.cancel_charge(let.me, let.lease_id("L1"), "2024-04")

    assert run(let, "2024-04") == (0, 0)

    (cancelled,) = monthly_run.select_cancelled(let.arrears, "2024-04")
    assert cancelled["reference"] == "L1"
    assert [charged(let, name, "2024-04") for name in ("L1", "L2", "L3", "L4")] == [[], [], [], []]
    roll = b"lease;month;rent;charges\nL1;2024-04;300;50\n"
    for flags in (["month"], []):
        taken = import_file(
            let.arrears, let.me, FileKind.RENT_ROLL, "april.csv", roll + b"\n" * len(flags)
        )
        assert [flag["field"] for flag in taken["flagged"]] == flags
    assert charged(let, "L1", "2024-04") == [(30_000, 5_000, date(2024, 4, 10))]


def test_a_run_that_is_stopped_half_way_is_completed_by_the_next(let):
    let.go_to(APRIL)
    arm("monthly-run.between-acts=raise")
    with pytest.raises(FailPointHit):
        run(let, "2024-04", an_act=1)
    arm("")
    assert [len(charged(let, name, "2024-04")) for name in ("L1", "L2")] == [1, 0]

    assert run(let, "2024-04") == (1, 35_000)


@pytest.mark.parametrize("month", ["2024-06", "2023-04", "2024-13", "avril", "", "2024-4"])
def test_a_month_too_far_away_or_none_at_all_is_refused(let, month):
    with pytest.raises(MonthNotPossible, match="onze mois"):
        run(let, month)


def test_the_months_that_may_be_run_are_the_next_one_and_twelve_before_it():
    months = months_to_run(date(2024, 1, 31))

    assert (months[0], months[1], months[-1], len(months)) == ("2024-02", "2024-01", "2023-02", 13)


def test_a_due_day_of_another_year_in_a_rent_roll_is_flagged(let):
    rolls = {
        "2034-04-10": [("due_on", 2)],
        "2024-05-10": [],
    }

    for due_on, flags in rolls.items():
        roll = f"lease;month;rent;charges;due_on\nL1;2024-04;300;50;{due_on}\n".encode()
        tried = import_file(
            let.arrears, let.me, FileKind.RENT_ROLL, "april.csv", roll, dry_run=True
        )
        assert [(flag["field"], flag["line"]) for flag in tried["flagged"]] == flags
