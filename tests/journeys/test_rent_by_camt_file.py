"""Rent that comes in, and is taken back, by a camt.053 file."""

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "arrears"))

from camt_files import altered, camt

from services.arrears.imports import FileKind, import_file
from services.chassis.amounts import format_cents
from services.demonstration.coda_writer import Booking
from services.intake.letting import payment_reference_of

MARCH = date(2024, 3, 1)
BANK_DAY = date(2024, 3, 4)


def paid(company, reference, cents, **told):
    return Booking(
        cents, BANK_DAY, structured=payment_reference_of(company.slug, reference), **told
    )


def take(company, content):
    return import_file(company.arrears, company.me, FileKind.CAMT053, "bank.xml", content)


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_batch_pays_each_lease_its_part_and_what_is_taken_back_is_owed_again(let, version):
    let.go_to(BANK_DAY)
    parts = (paid(let, "L1", 35_000), paid(let, "L2", 20_000))
    together = Booking(55_000, BANK_DAY, details=parts)
    sent_back = paid(let, "L2", -20_000, return_type="2", return_reason="AC04")

    first = take(let, camt(together, version=version, day=BANK_DAY, number=1, opening=0))
    between = (let.balance("L1"), let.balance("L2"))
    content = camt(sent_back, version=version, day=BANK_DAY, number=2, opening=55_000)
    second = take(let, content)

    assert (first["accepted"], first["unmatched"], second["accepted"]) == (2, 0, 1)
    assert between == (0, 15_000)
    assert (let.balance("L1"), let.balance("L2")) == (0, 35_000)
    told = [fact for fact in let.facts("arrears") if b"arrears.payment-reversed" in fact]
    assert len(told) == 1


def test_more_money_than_a_payment_can_be_is_refused_in_a_sentence(let):
    let.go_to(BANK_DAY)
    limit = 10_000_000_00
    most, beyond, left = (Booking(c, BANK_DAY) for c in (limit, limit + 1, -3 * limit))

    refused = take(let, camt(most, beyond, day=BANK_DAY, number=1, opening=0))
    taken = take(let, camt(most, left, day=BANK_DAY, number=1, opening=5 * limit))

    assert (refused["state"], taken["state"]) == ("refused", "accepted")
    (told,) = refused["refused"]
    assert told["field"] == "amount"
    assert told["reason"].startswith(f"{format_cents(limit + 1)} sont entrés")


def test_a_reversal_is_taken_back_as_a_return_is(let):
    let.go_to(BANK_DAY)
    take(let, camt(paid(let, "L1", 35_000), day=BANK_DAY, number=1, opening=0))
    reversal = camt(paid(let, "L1", -35_000), day=BANK_DAY, number=2, opening=35_000)

    take(let, altered(reversal, "<Sts>", "<RvslInd>true</RvslInd><Sts>"))

    assert let.balance("L1") == 35_000


def test_a_communication_typed_into_the_free_text_finds_its_lease(let):
    let.go_to(BANK_DAY)
    digits = payment_reference_of(let.slug, "L1")
    text = f"loyer mars +++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"

    report = take(let, camt(Booking(35_000, BANK_DAY, communication=text), day=BANK_DAY))

    assert (report["state"], report["unmatched"]) == ("accepted", 0)
    assert let.balance("L1") == 0


def test_a_statement_of_a_day_to_come_is_refused_whole(let):
    let.go_to(BANK_DAY)
    tomorrow = BANK_DAY + timedelta(days=1)
    content = camt(paid(let, "L1", 35_000), day=tomorrow, number=1, opening=0)

    early = take(let, content)

    assert (early["state"], early["accepted"]) == ("refused", 0)
    (told,) = early["refused"]
    assert told["field"] == "date"
    assert "du 05/03/2024, un jour à venir" in told["reason"]
    assert let.arrears.bank_data().complete_until is None
    let.go_to(tomorrow)
    assert take(let, content)["state"] == "accepted"
    assert let.balance("L1") == 0
