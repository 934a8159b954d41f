"""Entries of a camt.053 file that stand for several payments: details in place of them."""

import pytest
from camt_files import (
    altered,
    camt,
    only,
)
from coda_files import BATCH, CHARGES_TAKEN, DAY, RENT, RENT_PAID

from services.demonstration.coda_writer import Booking

RETURNED = Booking(-450_00, DAY, structured=RENT, return_type="2", return_reason="MD06")
BOTH = pytest.mark.parametrize("version", ["02", "08"])


def said(text: str) -> bytes:
    return camt(Booking(1_00, DAY, communication=text))


@BOTH
def test_details_are_posted_in_place_of_their_entry_and_never_twice(version: str) -> None:
    statement = only(camt(RENT_PAID, CHARGES_TAKEN, BATCH, version=version))
    postings = statement.postings()
    assert [posting.amount_cents for posting in postings] == [450_00, -12_34, 300_00, 400_00]
    change = statement.closing_cents - statement.opening_cents
    assert sum(posting.amount_cents for posting in postings) == change
    assert [detail.structured for detail in statement.movements[2].details] == [
        "000000000101",
        "000000000202",
    ]


def test_an_entry_that_is_not_detailed_is_posted_itself() -> None:
    content = camt(BATCH)
    start, end = content.index(b"<TxDtls>"), content.index(b"</NtryDtls>")
    assert [p.amount_cents for p in only(content[:start] + content[end:]).postings()] == [700_00]


def test_details_without_amounts_leave_the_entry_whole() -> None:
    content = camt(BATCH)
    for cents in ("300.00", "400.00"):
        content = altered(content, f'<Amt Ccy="EUR">{cents}</Amt><CdtDbtInd>CRDT</CdtDbtInd>', "")
    statement = only(content)
    assert ([p.amount_cents for p in statement.postings()], statement.details) == ([700_00], 0)


def test_details_may_stand_in_several_batches() -> None:
    content = altered(camt(BATCH), "<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>1</NbOfTxs>")
    content = altered(content, '<TtlAmt Ccy="EUR">700.00', '<TtlAmt Ccy="EUR">300.00')
    second = "</TxDtls>\n</NtryDtls>\n<NtryDtls><Btch><NbOfTxs>1</NbOfTxs></Btch>\n<TxDtls>"
    postings = only(altered(content, "</TxDtls>\n<TxDtls>", second)).postings()
    assert [posting.amount_cents for posting in postings] == [300_00, 400_00]


def test_charges_may_stand_between_a_payment_and_what_is_booked() -> None:
    content = camt(Booking(95_00, DAY, structured=RENT))
    paid = '<TxDtls>\n<Amt Ccy="EUR">95.00'
    content = altered(content, paid, paid.replace("95.00", "100.00"))
    content = altered(content, "<NtryDtls>", "<Chrgs><TtlChrgsAndTaxAmt/></Chrgs><NtryDtls>")
    assert [(p.amount_cents, p.structured) for p in only(content).postings()] == [(95_00, RENT)]


def test_what_was_instructed_in_another_currency_moves_nothing() -> None:
    content = camt(Booking(95_00, DAY, structured=RENT))
    foreign = '<TxDtls>\n<Amt Ccy="USD">110.00'
    content = altered(content, '<TxDtls>\n<Amt Ccy="EUR">95.00', foreign)
    assert [p.amount_cents for p in only(content).postings()] == [95_00]
