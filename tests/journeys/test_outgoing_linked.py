"""Money that left without a reference: a person says which payment it takes back, and undoes it."""

from datetime import date
from uuid import UUID

import pytest

from contracts.account_decisions import CreditReturnReason
from contracts.envelope import read_envelope
from contracts.other_charges import OtherChargeKind
from services.arrears import deciding
from services.arrears import outgoing_movements as outgoing
from services.arrears.account_money import PaymentWasReturned
from services.arrears.bank_data import count_unmatched
from services.arrears.bank_postings import PAYER_FIELD
from services.arrears.charging_apart import pay_other_charge, record_other_charge
from services.arrears.imports import FileKind, import_file
from services.arrears.payments_taken_back import (
    OutgoingNotLinked,
    ReturnBeforePayment,
    ReturnExceedsPayment,
)
from services.chassis.caller import Caller
from services.chassis.refusal import NotFound, StaleEdit
from services.demonstration.coda_writer import Booking, write_statement
from services.intake.letting import payment_reference_of

ACCOUNT = "BE68539007547034"
ZOE, YVES = "BE71096123456769", "BE62510007547061"
PAID, LEFT = date(2024, 3, 8), date(2024, 3, 12)


@pytest.fixture
def at_desk(let):
    """Both have paid March; three amounts left without a reference, to Zoé and to somebody."""
    lease_1, lease_2 = (payment_reference_of(let.slug, name) for name in ("L1", "L2"))
    let.go_to(date(2024, 3, 14))
    bookings = [
        Booking(35_000, PAID, structured=lease_1, counterparty_account=ZOE),
        Booking(35_000, PAID, structured=lease_2, counterparty_account=YVES),
        Booking(-35_000, LEFT, counterparty_account=ZOE, counterparty_name="Evrard Zoé"),
        Booking(-35_001, LEFT, counterparty_name="Plombier"),
        Booking(-100, date(2024, 3, 7)),
    ]
    content = write_statement(ACCOUNT, 1, LEFT, 0, bookings)
    report = import_file(let.arrears, let.me, FileKind.CODA, "1.cod", content)
    assert report["state"] == "accepted"
    return let


def movement(company, cents):
    with company.arrears.datastore.reading() as rows:
        (found,) = (r for r in outgoing.select_outgoing(rows) if r["amount_cents"] == cents)
    return found


def test_what_left_is_listed_a_page_at_a_time(at_desk):
    with at_desk.arrears.datastore.reading() as rows:
        pages = [outgoing.select_outgoing(rows, page, limit=2) for page in (1, 2, 3)]

    assert [[row["amount_cents"] for row in page] for page in pages][1:] == [[100], []]
    assert {row["counted"] for page in pages for row in page} == {3}
    assert {row["amount_cents"] for row in pages[0]} == {35_000, 35_001}


def payment_on(company, lease):
    with company.arrears.datastore.reading() as rows:
        (found,) = rows.execute(
            "SELECT line_id FROM account_line WHERE kind = 'payment' AND lease_id = %s",
            (company.lease_id(lease),),
        ).fetchall()
    return found["line_id"]


def told(company, kind):
    facts = map(read_envelope, company.facts("arrears"))
    return [fact for fact in facts if fact.type == f"arrears.{kind}"]


def test_the_payment_is_proposed_by_the_bank_account_and_the_amount(at_desk):
    found = outgoing.proposed_payments(at_desk.arrears, movement(at_desk, 35_000))

    assert [(row["reference"], row["because"]) for row in found] == [
        ("L1", [outgoing.BY_ACCOUNT, outgoing.BY_AMOUNT]),
        ("L2", [outgoing.BY_AMOUNT]),
    ]
    assert outgoing.proposed_payments(at_desk.arrears, movement(at_desk, 35_001)) == []


def test_a_payment_taken_back_is_owed_again_from_the_day_on_which_the_money_left(at_desk):
    left, paid = movement(at_desk, 35_000), payment_on(at_desk, "L1")
    outgoing.link(at_desk.arrears, at_desk.me, left["movement_id"], paid)

    assert (at_desk.balance("L1"), at_desk.balance("L2")) == (35_000, 0)
    (fact,) = told(at_desk, "payment-reversed")
    assert (fact.data["reversal_id"], fact.data["payment_id"], fact.data["value_date"]) == (
        str(left["movement_id"]),
        str(paid),
        LEFT.isoformat(),
    )
    assert [len(f.data["lines"]) for f in told(at_desk, "payment-allocated")] == [1, 1, 0]
    linked = movement(at_desk, 35_000)
    assert (linked["lease_id"], linked["payment_id"]) == (at_desk.lease_id("L1"), paid)
    found = outgoing.proposed_payments(at_desk.arrears, left)
    assert [row["reference"] for row in found] == ["L2"]


def test_a_link_is_undone_and_made_with_another_payment(at_desk):
    left = movement(at_desk, 35_000)["movement_id"]
    outgoing.link(at_desk.arrears, at_desk.me, left, payment_on(at_desk, "L2"))
    outgoing.unlink(at_desk.arrears, at_desk.me, left)

    assert (at_desk.balance("L1"), at_desk.balance("L2")) == (0, 0)
    assert movement(at_desk, 35_000)["lease_id"] is None
    with pytest.raises(OutgoingNotLinked):
        outgoing.unlink(at_desk.arrears, at_desk.me, left)
    outgoing.link(at_desk.arrears, at_desk.me, left, payment_on(at_desk, "L1"))

    assert (at_desk.balance("L1"), at_desk.balance("L2")) == (35_000, 0)
    facts = told(at_desk, "payment-reversed")
    assert [fact.withdrawn for fact in facts] == [False, True, False]
    lines = [len(fact.data["lines"]) for fact in told(at_desk, "payment-allocated")]
    assert lines == [1, 1, 0, 1, 0]


def test_a_credit_of_that_amount_given_back_is_told_before_it_is_taken_back_too(at_desk):
    lease, left = at_desk.lease_id("L1"), movement(at_desk, 100)
    paid = payment_on(at_desk, "L1")
    more = [Booking(100, LEFT, structured=payment_reference_of(at_desk.slug, "L1"))]
    content = write_statement(ACCOUNT, 2, LEFT, -101, more)
    import_file(at_desk.arrears, at_desk.me, FileKind.CODA, "2.cod", content)

    def given_back(lease_id, cents=left["amount_cents"]):
        with at_desk.arrears.datastore.reading() as rows:
            return outgoing.select_given_back(rows, lease_id, cents)

    assert given_back(lease) is None
    back = (100, LEFT, CreditReturnReason.PAID_TWICE)
    done = deciding.return_credit(at_desk.arrears, at_desk.me, lease, *back)

    assert (given_back(lease), given_back(at_desk.lease_id("L2"))) == (LEFT, None)
    assert given_back(lease, cents=99) is None
    deciding.withdraw_decision(at_desk.arrears, at_desk.me, lease, UUID(done.id))
    assert given_back(lease) is None
    taken = movement(at_desk, 35_000)["movement_id"]
    outgoing.link(at_desk.arrears, at_desk.me, taken, paid)
    assert given_back(lease, cents=35_000) is None, "what the bank took back was never given back"


def test_a_payment_taken_back_is_not_moved_while_what_left_stays(at_desk):
    lease, paid = at_desk.lease_id("L1"), payment_on(at_desk, "L1")
    left = movement(at_desk, 35_000)["movement_id"]
    outgoing.link(at_desk.arrears, at_desk.me, left, paid)

    with pytest.raises(PaymentWasReturned, match="350,00\u00a0€ ont quitté le compte"):
        at_desk.arrears.release_payment(at_desk.me, lease, paid)
    assert at_desk.balance("L1") == 35_000
    outgoing.unlink(at_desk.arrears, at_desk.me, left)
    at_desk.arrears.release_payment(at_desk.me, lease, paid)

    assert at_desk.balance("L1") == 35_000
    with at_desk.arrears.datastore.reading() as rows:
        assert count_unmatched(rows) == (1, 35_000)


def test_what_it_cannot_be_is_refused(at_desk):
    arrears, me = at_desk.arrears, at_desk.me
    first, second = (payment_on(at_desk, name) for name in ("L1", "L2"))
    left, more, early = (movement(at_desk, n)["movement_id"] for n in (35_000, 35_001, 100))

    with pytest.raises(ReturnExceedsPayment):
        outgoing.link(arrears, me, more, first)
    with pytest.raises(ReturnBeforePayment):
        outgoing.link(arrears, me, early, first)
    with pytest.raises(NotFound):
        outgoing.link(arrears, me, left, left)
    with pytest.raises(StaleEdit):
        outgoing.link(arrears, Caller(me.actor, expected_version=1), left, first)
    outgoing.link(arrears, me, left, first)
    with pytest.raises(outgoing.OutgoingAlreadyLinked):
        outgoing.link(arrears, me, left, second)

    assert (at_desk.balance("L1"), at_desk.balance("L2")) == (35_000, 0)


def test_a_movement_and_a_payment_of_another_company_are_not_known_here(at_desk, new_company):
    host = at_desk.hosts["arrears"]
    slug = new_company(date(2024, 3, 14))
    host.refresh()
    other = host.service(slug)
    left, paid = movement(at_desk, 35_000)["movement_id"], payment_on(at_desk, "L1")

    with pytest.raises(NotFound):
        outgoing.link(other, at_desk.me, left, paid)
    with pytest.raises(NotFound):
        outgoing.unlink(other, at_desk.me, left)


def test_what_of_a_payment_was_for_another_kind_goes_along(at_desk):
    lease, paid = at_desk.lease_id("L1"), payment_on(at_desk, "L1")
    bill = (OtherChargeKind.REPAIRS, 1_000, date(2024, 3, 1), "F-1")
    record_other_charge(at_desk.arrears, at_desk.me, lease, *bill)
    pay_other_charge(at_desk.arrears, at_desk.me, lease, paid, OtherChargeKind.REPAIRS, 1_000)
    assert at_desk.balance("L1") == 1_000
    left = movement(at_desk, 35_000)["movement_id"]

    outgoing.link(at_desk.arrears, at_desk.me, left, paid)
    assert at_desk.balance("L1") == 35_000
    outgoing.unlink(at_desk.arrears, at_desk.me, left)

    assert at_desk.balance("L1") == 0


def test_to_whom_it_went_is_sealed_and_shown_to_whoever_may_read(at_desk):
    left = movement(at_desk, 35_000)
    arrears = at_desk.arrears

    assert arrears.keyring.show_all(arrears.company, [left["payee"]], PAYER_FIELD) == ["Evrard Zoé"]
    with arrears.datastore.reading() as rows:
        states = rows.execute("SELECT state FROM stored_events").fetchall()
    assert not any(b"Evrard" in bytes(row["state"]) for row in states)
    assert not [fact for fact in at_desk.facts("arrears") if ZOE[4:].encode() in fact]
