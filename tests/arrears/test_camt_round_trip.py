"""The reader of camt.053 files against chance, and against the reader of CODA files."""

import re
from datetime import date

import pytest
from camt_files import SOUND, SOUND_02, camt, only, refusals
from coda_files import DAY, PAYER, written
from coda_files import only as only_coda
from hypothesis import given, settings
from hypothesis import strategies as st

from services.demonstration.coda_writer import Booking, structured_communication

CENTS = st.integers(-(10**12), 10**12)
POSITIVE = st.integers(0, 10**12)
DAYS = st.dates(date(2000, 1, 1), date(2068, 12, 31))
# What both formats can hold: one byte of Latin-1, without the blanks of a column's padding, nor
# digits that could be taken for a structured communication.
LATIN = st.characters(codec="latin-1", exclude_categories=["Cc", "Nd"], exclude_characters="\u00a0")
TEXTS = st.text(LATIN, max_size=140).map(str.strip)
NAMES = st.text(LATIN, max_size=35).map(str.strip)
STRUCTURED = st.just("") | st.integers(0, 10**10 - 1).map(structured_communication)


def single(cents: st.SearchStrategy[int]) -> st.SearchStrategy[Booking]:
    return st.builds(
        Booking, cents, DAYS, structured=STRUCTURED, communication=TEXTS,
        counterparty_account=st.sampled_from(["", PAYER, "096123456769"]),
        counterparty_name=NAMES, value_date=DAYS, customer_reference=NAMES,
    )  # fmt: skip


def globalised(details: list[Booking]) -> Booking:
    total = sum(detail.amount_cents for detail in details)
    return Booking(total, DAY, value_date=DAY, details=tuple(details))


BATCHES = st.lists(single(POSITIVE), min_size=1, max_size=3).map(globalised)
BOOKINGS = st.lists(single(CENTS) | BATCHES, max_size=6)


@settings(max_examples=150, deadline=None)
@given(BOOKINGS, CENTS, st.sampled_from(["02", "08"]))
def test_what_is_written_is_read_back_and_coda_says_the_same(
    bookings: list[Booking], opening: int, version: str
) -> None:
    statement = only(camt(*bookings, opening=opening, version=version))
    parts = [(part, booking) for booking in bookings for part in booking.details or (booking,)]
    for posting, (part, booking) in zip(statement.postings(), parts, strict=True):
        assert posting.amount_cents == part.amount_cents
        assert (posting.value_date, posting.entry_date) == (booking.value_date, booking.entry_date)
        assert (posting.structured or "") == part.structured
        assert posting.structured_valid is (True if part.structured else None)
        assert posting.communication == ("" if part.structured else part.communication)
        assert posting.counterparty_account == part.counterparty_account
        assert posting.counterparty_name == part.counterparty_name
        assert posting.customer_reference == part.customer_reference
    coda = only_coda(written(*bookings, opening=opening))
    assert statement.amounts == coda.amounts
    assert (statement.account, statement.date, statement.number) == (
        coda.account,
        coda.date,
        coda.number,
    )
    assert [posting.amount_cents for posting in statement.postings()] == [
        posting.amount_cents for posting in coda.postings()
    ]


def amount_places(content: bytes) -> list[int]:
    """Where a digit of an amount or of a sum stands."""
    amounts = re.finditer(rb'(?:Ccy="EUR"|<Sum|<TtlNetNtryAmt|<Amt)>([0-9.]+)<', content)
    return [
        at
        for amount in amounts
        for at in range(amount.start(1), amount.end(1))
        if content[at : at + 1].isdigit()
    ]


@pytest.mark.parametrize("content", [SOUND, SOUND_02], ids=["08", "02"])
@pytest.mark.parametrize("step", [1, 5, 9])
def test_any_one_digit_of_any_amount_changed_is_refused(step: int, content: bytes) -> None:
    places = amount_places(content)
    assert len(places) > 70
    for at in places:
        digit = (int(content[at : at + 1]) + step) % 10
        assert refusals(content[:at] + str(digit).encode() + content[at + 1 :])
