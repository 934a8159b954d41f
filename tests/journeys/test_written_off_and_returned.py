"""What people decide about money: on the account, in the figures, and taken back again."""

from datetime import date
from uuid import UUID

import pytest

from contracts.account_decisions import CreditReturnReason, DecidedBy, WriteOffReason
from contracts.contacts import ContactChannel
from contracts.envelope import read_envelope
from services.arrears import deciding
from services.arrears.account_decisions import CreditOfAnotherHousehold
from services.arrears.account_money import PaymentWasReturned
from services.arrears.account_pages import what_is
from services.arrears.accounts_in_arrears import select_lines
from services.arrears.casework import acting
from services.arrears.casework.contacting import note_contact
from services.arrears.casework.contacts import ContactDayNotPossible
from services.arrears.credits_to_move import select_credits_to_move
from services.arrears.deciding import DecisionDayNotPossible, PaymentMovedOn
from services.arrears.imports import FileKind, import_file
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.letting import payment_reference_of

APRIL = date(2024, 4, 15)
PRESCRIBED = (WriteOffReason.PRESCRIBED, DecidedBy.BOARD)


def owed(company):
    """Numerator of I01: what present tenants owe."""
    company.settle()
    return company.reporting.explain("I01", 2024)["figure"]["numerator"]


def pay(company, reference, cents):
    company.go_to(date(2024, 3, 18))
    structured = payment_reference_of(company.slug, reference)
    booking = Booking(cents, date(2024, 3, 18), structured=structured)
    content = write_statement("BE68539007547034", 1, date(2024, 3, 18), 0, [booking])
    import_file(company.arrears, company.me, FileKind.CODA, "1.cod", content)
    company.settle()


def facts_of(company, kind):
    return [fact for fact in map(read_envelope, company.facts("arrears")) if fact.type == kind]


def test_a_debt_written_off_leaves_the_arrears_and_is_no_payment(let):
    let.go_to(APRIL)
    lease_id = let.lease_id("L1")
    assert owed(let) == 70_000

    done = deciding.write_off(let.arrears, let.me, lease_id, 20_000, APRIL, *PRESCRIBED)

    assert let.balance("L1") == 15_000
    assert owed(let) == 50_000
    collected = let.reporting.explain("I05", 2024)["figure"]
    assert (collected["numerator"], collected["denominator"]) == (0, 70_000)
    with pytest.raises(DecisionDayNotPossible):
        deciding.write_off(let.arrears, let.me, lease_id, 1, date(2024, 4, 16), *PRESCRIBED)

    deciding.withdraw_decision(let.arrears, let.me, lease_id, UUID(done.id))

    assert let.balance("L1") == 35_000
    assert owed(let) == 70_000
    assert [f.withdrawn for f in facts_of(let, "arrears.arrears-written-off")] == [False, True]


def test_a_credit_pays_another_lease_of_the_household_and_never_another_household(let):
    let.intake.register_dwelling(let.me, "D3", date(2020, 1, 1))
    terms = ("L3", "D3", date(2024, 4, 1), 30_000, 5_000)
    let.intake.transfer_household(let.me, let.lease_id("L1"), *terms)
    pay(let, "L1", 45_000)
    let.go_to(APRIL)
    first, second, third = map(let.lease_id, ("L1", "L2", "L3"))
    moved = (10_000, APRIL, CreditReturnReason.TRANSFERRED)

    with pytest.raises(CreditOfAnotherHousehold):
        deciding.return_credit(let.arrears, let.me, first, *moved, second)
    done = deciding.return_credit(let.arrears, let.me, first, *moved, third)

    assert [let.balance(name) for name in ("L1", "L2", "L3")] == [0, 35_000, -10_000]
    assert said_last(let, first) == "Avance déplacée vers un autre bail"
    (paid,) = (
        UUID(fact.data["payment_id"])
        for fact in facts_of(let, "arrears.payment-received")
        if fact.data["lease_id"] == str(third)
    )
    let.arrears.release_payment(let.me, third, paid)
    with pytest.raises(PaymentMovedOn):
        deciding.withdraw_decision(let.arrears, let.me, first, UUID(done.id))
    let.arrears.assign_payment(let.me, paid, third)
    deciding.withdraw_decision(let.arrears, let.me, first, UUID(done.id))

    assert [let.balance(name) for name in ("L1", "L2")] == [-10_000, 35_000]


def test_money_sent_with_the_communication_of_the_lease_before_is_proposed_for_the_new_one(let):
    let.intake.register_dwelling(let.me, "D3", date(2020, 1, 1))
    terms = ("L3", "D3", date(2024, 4, 1), 30_000, 5_000)
    let.intake.transfer_household(let.me, let.lease_id("L1"), *terms)
    pay(let, "L1", 45_000)
    before = select_credits_to_move(let.arrears, date(2024, 3, 20))
    let.go_to(APRIL)

    (found,) = select_credits_to_move(let.arrears, APRIL)

    assert before == []
    assert (found["reference"], found["credit_cents"]) == ("L1", 10_000)
    assert (found["to_reference"], found["to_lease_id"]) == ("L3", let.lease_id("L3"))
    assert (found["names"], found["paid_on"]) == (["Zoé Evrard"], date(2024, 3, 18))
    moved = (10_000, APRIL, CreditReturnReason.TRANSFERRED, found["to_lease_id"])
    deciding.return_credit(let.arrears, let.me, found["lease_id"], *moved)
    assert select_credits_to_move(let.arrears, APRIL) == []
    assert let.balance("L3") == -10_000


def test_nothing_is_done_about_a_debt_before_the_lease(let):
    let.go_to(APRIL)
    before, first = date(2024, 2, 29), let.lease_id("L1")

    with pytest.raises(acting.StepDayNotPossible, match="ne commence que le 1er mars 2024"):
        acting.take_step(let.arrears, let.me, first, "first-reminder", before)
    with pytest.raises(ContactDayNotPossible, match="ne commence que le 1er mars 2024"):
        note_contact(let.arrears, let.me, first, ContactChannel.PHONE, before, reached=True)


def said_last(company, lease_id):
    """The last line of an account, in words."""
    with company.arrears.datastore.reading() as rows:
        return what_is(select_lines(rows, lease_id)[-1])


def test_money_that_was_returned_is_not_taken_off_as_if_it_were_there(let):
    pay(let, "L1", 45_000)
    let.go_to(APRIL)
    lease_id = let.lease_id("L1")
    returned = (10_000, APRIL, CreditReturnReason.PAID_TWICE)
    done = deciding.return_credit(let.arrears, let.me, lease_id, *returned)
    assert said_last(let, lease_id) == "Avance rendue"
    (received,) = facts_of(let, "arrears.payment-received")
    payment_id = UUID(received.data["payment_id"])

    with pytest.raises(PaymentWasReturned):
        let.arrears.release_payment(let.me, lease_id, payment_id)
    deciding.withdraw_decision(let.arrears, let.me, lease_id, UUID(done.id))
    let.arrears.release_payment(let.me, lease_id, payment_id)

    assert let.balance("L1") == 35_000
