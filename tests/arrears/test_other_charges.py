"""What is owed besides rent stays apart (BR-04), and a payment's part leaves the rent account."""

from datetime import date, timedelta
from re import fullmatch
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_lease import know_lease

from contracts.arrears import MatchedBy
from contracts.other_charges import CHARGE_REFERENCE, OtherChargeKind
from services.arrears.other_charges import (
    CourtCostsOnLegalPath,
    MoreThanIsDueOfKind,
    MoreThanThePayment,
    OtherChargeAlreadyRecorded,
    OtherChargeNotRecorded,
)
from services.arrears.rent_account import RentAccount

START, LATER = date(2024, 1, 1), date(2025, 1, 1)
REPAIRS, DEPOSIT, COSTS = (
    OtherChargeKind.REPAIRS,
    OtherChargeKind.DEPOSIT,
    OtherChargeKind.COURT_COSTS,
)
DAYS = st.integers(0, 330).map(lambda n: START + timedelta(days=n))
CENTS = st.integers(1, 50_000)


def account(charges, payments):
    """Charges of the first months and payments by day, each month judged five days after."""
    of = RentAccount.open_account(UUID(int=1), UUID(int=2), START)
    know_lease(of, START)
    for number, cents in enumerate(charges):
        due_on = date(2024, number + 1, 10)
        of.charge_rent("company", f"{due_on:%Y-%m}", due_on, cents, 0)
    for number, (day, cents) in enumerate(payments):
        if cents:
            of.receive_payment(UUID(int=100 + number), cents, day, MatchedBy.OFFICER)
    for charge in list(of.charges.values()):
        of.judge(charge.due_on, charge.due_on + timedelta(days=5))
    return of


def owe(of, cents, kind=REPAIRS, reference="F-1"):
    return of.record_other_charge("company", kind, cents, date(2024, 5, 1), reference)


def put(of, number, cents, kind=REPAIRS, costs=0):
    return of.pay_other_charge("company", UUID(int=100 + number), kind, cents, costs)


def seen(of):
    """All that figures, lists and proposals are made from."""
    owed = [of.arrears_on(START + timedelta(days=n)) for n in range(0, 400, 5)]
    lines = {identity: lines for identity, (_, lines) in of.allocated.items() if lines}
    missed = {month: missed.unpaid_cents for month, missed in of.missed.items()}
    return owed, lines, missed


@given(st.lists(CENTS, max_size=6), st.lists(st.tuples(DAYS, CENTS), max_size=6), CENTS)
def test_what_is_owed_besides_rent_is_in_no_arrears(charges, payments, cents):
    without, of = account(charges, payments), account(charges, payments)
    noted = owe(of, cents)
    owe(of, cents, DEPOSIT)
    of.correct_other_charge(noted, cents + 1, date(2024, 1, 2))

    assert seen(of) == seen(without)
    assert of.due_of(REPAIRS, 0) == cents + 1

    of.cancel_other_charge(noted)
    assert seen(of) == seen(without)
    with pytest.raises(OtherChargeNotRecorded):
        of.correct_other_charge(noted, 1, LATER)


@given(st.data(), st.lists(CENTS, max_size=6), st.lists(st.tuples(DAYS, CENTS), min_size=1))
def test_a_part_leaves_the_rent_account_as_if_so_much_less_had_been_paid(data, charges, payments):
    of, before = account(charges, payments), account(charges, payments)
    number = data.draw(st.integers(0, len(payments) - 1))
    day, cents = payments[number]
    part = data.draw(st.integers(1, cents))
    less = list(payments)
    less[number] = (day, cents - part)
    owe(of, 100_000)

    identity = put(of, number, part)
    for charge in list(of.charges.values()):
        of.judge(charge.due_on, charge.due_on + timedelta(days=5))

    assert seen(of) == seen(account(charges, less))
    assert of.due_of(REPAIRS, 0) == 100_000 - part

    of.withdraw_other_charge_payment(identity, LATER)
    assert seen(of) == seen(before)
    assert of.due_of(REPAIRS, 0) == 100_000


def test_no_more_than_the_payment_nor_than_is_due_of_the_kind():
    of = account([30_000], [(date(2024, 1, 5), 20_000)])
    owe(of, 15_000)

    for cents in (0, 15_001):
        with pytest.raises((MoreThanThePayment, MoreThanIsDueOfKind)):
            put(of, 0, cents)
    put(of, 0, 15_000)
    with pytest.raises(MoreThanIsDueOfKind):
        put(of, 0, 1)
    with pytest.raises(MoreThanThePayment):
        put(of, 0, 5_001, COSTS, costs=9_000)
    put(of, 0, 5_000, COSTS, costs=9_000)

    assert of.due_of(COSTS, 9_000) == 4_000
    with pytest.raises(MoreThanThePayment):
        put(of, 7, 1, COSTS, costs=9_000)


def test_a_payment_taken_back_or_of_another_lease_takes_its_parts_along():
    for ended in (
        lambda of: of.reverse_payment(UUID(int=9), 20_000, date(2024, 1, 20)),
        lambda of: of.release_payment(UUID(int=100)),
    ):
        of = account([30_000], [(date(2024, 1, 5), 20_000), (date(2024, 1, 6), 5_000)])
        owe(of, 15_000)
        put(of, 0, 12_000)

        ended(of)

        assert of.arrears_on(LATER) == 25_000
        assert of.due_of(REPAIRS, 0) == 15_000
        assert {p: sum(c for _, c in lines) for p, (_, lines) in of.allocated.items() if lines} == {
            UUID(int=101): 5_000
        }


def test_an_amount_is_known_by_its_kind_and_reference():
    of = account([], [])
    noted = owe(of, 10_000)

    assert owe(of, 10_000) == noted
    assert owe(of, 9_000, DEPOSIT) != noted
    with pytest.raises(OtherChargeAlreadyRecorded):
        owe(of, 9_000)
    with pytest.raises(CourtCostsOnLegalPath):
        owe(of, 9_000, COSTS)
    of.cancel_other_charge(noted)
    assert owe(of, 9_000) == noted


@pytest.mark.parametrize(
    ("reference", "may_be"),
    [
        ("F2025-113", True),
        ("12", True),
        ("RG/2024.7a", True),
        ("Dupont", False),
        ("Dupont-1985", False),
        ("Jean-Luc", False),
        ("F 12", False),
        ("12\n", False),
        ("", False),
    ],
)
def test_a_reference_is_a_number_and_no_name(reference, may_be):
    assert bool(fullmatch(CHARGE_REFERENCE, reference)) is may_be
