"""The reader of CODA files against a maintained one, and against chance."""

import io
from datetime import date
from pathlib import Path

import coda as oracle  # type: ignore[import-untyped]
import pytest
from coda_files import (
    ACCOUNT,
    BATCH,
    CHARGES_TAKEN,
    DAY,
    PAYER,
    RENT_PAID,
    SOUND,
    altered,
    lines_of,
    refusals,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.be import ogm_vcs

from services.arrears.bank_movements import BankFile, Movement
from services.arrears.coda import read_coda
from services.demonstration.coda_writer import (
    Booking,
    join_statements,
    structured_communication,
    write_statement,
)


def test_the_sample_of_the_oracle_is_read_as_it_reads_it() -> None:
    path = Path(oracle.__file__).with_name("CODA.txt")
    assert_agrees(read_coda(path.read_bytes()), path.read_bytes().decode("latin-1"))


def assert_agrees(read: BankFile, text: str) -> None:
    for ours, theirs in zip(
        read.statements, oracle.CODA(io.StringIO(text)).statements, strict=True
    ):
        assert (ours.account, ours.currency) == (theirs.account, theirs.account_currency)
        assert (ours.number, ours.date) == (theirs.new_sequence, theirs.new_balance_date)
        assert ours.opening_cents == theirs.old_balance * 100
        assert ours.closing_cents == theirs.new_balance * 100
        assert ours.details == len(list(theirs.all_moves)) - len(theirs.moves)
        for movement, move in zip(ours.movements, theirs.moves, strict=True):
            assert_same(movement, move)
            for detail, part in zip(movement.details, move.moves, strict=True):
                assert_same(detail, part)


def assert_same(movement: Movement, move: oracle.Move) -> None:
    assert (movement.sequence, movement.detail) == (move.sequence, move.detail_sequence)
    assert movement.amount_cents == move.amount * 100
    assert (movement.value_date, movement.entry_date) == (move.value_date, move.entry_date)
    assert movement.transaction_code == move.transaction_code
    assert movement.bank_reference == move.bank_reference.rstrip()
    assert movement.customer_reference == (move.customer_reference or "").strip()
    assert movement.counterparty_name == (move.counterparty_name or "").strip()
    # The oracle leaves the currency, or another qualification, behind the account.
    account = (move.counterparty_account or "").split()
    assert movement.counterparty_account == (account[0] if account else "")
    assert movement.communication_type == (move.communication_type or "")
    if movement.structured is not None:
        assert movement.structured == move.communication
    elif movement.communication_type == "":
        assert movement.communication == move.communication


CENTS = st.integers(-(10**12), 10**12)
DAYS = st.dates(date(2000, 1, 1), date(2068, 12, 31))
# What one byte of Latin-1 can hold, without the blanks that a column cannot tell from its padding.
LATIN = st.characters(codec="latin-1", exclude_categories=["Cc"], exclude_characters="\u00a0")
TEXTS = st.text(LATIN, max_size=149).map(str.strip)
NAMES = st.text(LATIN, max_size=35).map(str.strip)
NUMBERS = st.integers(0, 10**10 - 1)
SINGLE = st.builds(
    Booking, CENTS, DAYS, structured=st.just("") | NUMBERS.map(structured_communication),
    communication=TEXTS, counterparty_account=st.sampled_from(["", PAYER, "096123456769"]),
    counterparty_name=NAMES, value_date=DAYS, customer_reference=NAMES,
)  # fmt: skip


def globalised(details: list[Booking]) -> Booking:
    total = sum(detail.amount_cents for detail in details)
    return Booking(total, DAY, value_date=DAY, details=tuple(details))


BOOKINGS = st.lists(SINGLE | st.lists(SINGLE, min_size=1, max_size=3).map(globalised), max_size=6)


@settings(max_examples=150, deadline=None)
@given(BOOKINGS, CENTS)
def test_what_is_written_is_read_back_and_the_oracle_agrees(
    bookings: list[Booking], opening: int
) -> None:
    content = written(*bookings, opening=opening)
    read = read_coda(content)
    parts = [part for booking in bookings for part in booking.details or (booking,)]
    for posting, part in zip(read.statements[0].postings(), parts, strict=True):
        assert posting.amount_cents == part.amount_cents
        assert (posting.value_date, posting.entry_date) == (part.value_date, part.entry_date)
        assert (posting.structured or "") == part.structured
        assert posting.structured_valid is (True if part.structured else None)
        assert posting.communication == ("" if part.structured else part.communication)
        assert posting.counterparty_account == part.counterparty_account
        assert posting.counterparty_name == part.counterparty_name
    assert_agrees(read, content.decode("latin-1"))


# First and last columns of the amounts of each kind of record.
AMOUNT_COLUMNS = {b"1": (44, 58), b"21": (33, 47), b"8": (43, 57), b"9": (23, 52)}
AMOUNT_PLACES = [
    (line, column)
    for line, record in enumerate(lines_of(SOUND), 1)
    for kind, (first, last) in AMOUNT_COLUMNS.items()
    if record.startswith(kind)
    for column in range(first, last + 1)
]


@pytest.mark.parametrize("step", range(1, 10))
def test_any_one_digit_of_any_amount_changed_is_refused(step: int) -> None:
    lines = lines_of(SOUND)
    assert len(AMOUNT_PLACES) == 135
    for line, column in AMOUNT_PLACES:
        digit = (int(lines[line - 1][column - 1 : column]) + step) % 10
        assert refusals(altered(SOUND, line, column, str(digit)))


def test_a_file_cut_anywhere_is_refused_whole() -> None:
    content = join_statements(
        write_statement(ACCOUNT, 1, DAY, 0, [RENT_PAID, BATCH]),
        write_statement(ACCOUNT, 2, DAY, 1_150_00, [CHARGES_TAKEN]),
    )
    assert len(read_coda(content).statements) == 2
    for end in range(len(content) - len(b"\r\n")):
        assert refusals(content[:end])


@given(NUMBERS)
def test_structured_communications_have_the_right_check_digits(number: int) -> None:
    assert ogm_vcs.is_valid(structured_communication(number))


def test_check_digits_of_a_multiple_of_97_are_97() -> None:
    assert structured_communication(97) == "000000009797"
    assert structured_communication(0) == "000000000097"
    with pytest.raises(ValueError, match="ten digits"):
        structured_communication(10**10)


def test_the_same_company_is_written_in_the_same_bytes() -> None:
    assert written(RENT_PAID, BATCH) == written(RENT_PAID, BATCH)
    assert {len(line) for line in lines_of(SOUND)} == {128}
