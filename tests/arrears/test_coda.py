"""What a CODA bank file must be to be taken, and what is taken from it."""

import io
import time
from datetime import date
from pathlib import Path

import coda as oracle  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.be import ogm_vcs

from services.arrears.coda import CodaFile, CodaRefused, Movement, Statement, read_coda
from services.demonstration.coda_writer import (
    Booking,
    join_statements,
    structured_communication,
    write_statement,
)

ACCOUNT = "BE68539007547034"
PAYER = "BE71096123456769"
DAY = date(2026, 11, 23)
RENT = structured_communication(1234567890)
RENT_PAID = Booking(
    450_00, DAY, structured=RENT, counterparty_account=PAYER, counterparty_name="LEROY ANNE",
    value_date=date(2026, 11, 20), bank_reference="REF 1", customer_reference="NOTPROVIDED",
)  # fmt: skip
CHARGES_TAKEN = Booking(-12_34, DAY, communication="FRAIS DE GESTION", value_date=DAY)
BATCH = Booking(
    700_00, DAY, value_date=DAY,
    details=(
        Booking(300_00, DAY, structured=structured_communication(1), value_date=DAY),
        Booking(400_00, DAY, structured=structured_communication(2), value_date=DAY),
    ),
)  # fmt: skip


def written(*bookings: Booking, number: int = 327, opening: int = 1_000_00) -> bytes:
    return write_statement(ACCOUNT, number, DAY, opening, bookings, holder="LOGIS DU PAYS")


def only(content: bytes) -> Statement:
    (statement,) = read_coda(content).statements
    return statement


def refusals(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(CodaRefused) as refused:
        read_coda(content)
    assert all(error.reason.endswith(".") for error in refused.value.errors)
    return [(error.line, error.field) for error in refused.value.errors]


def lines_of(content: bytes) -> list[bytes]:
    return content.split(b"\r\n")[:-1]


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\r\n" for line in lines)


def altered(content: bytes, line: int, column: int, text: str) -> bytes:
    """Overwrite the columns of a line, both counted from 1."""
    lines = lines_of(content)
    before, after = lines[line - 1][: column - 1], lines[line - 1][column - 1 + len(text) :]
    lines[line - 1] = before + text.encode("latin-1") + after
    return joined(lines)


# The statement that refusals are tried on, and where its records are.
SOUND = written(RENT_PAID, CHARGES_TAKEN, BATCH)
HEADER, OLD, FIRST, SECOND, THIRD, CHARGE, GLOBAL, DETAIL, NEW, TRAILER = (
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    10,
    11,
)


# --- what is taken ---


def test_a_statement_tells_its_account_balances_and_day() -> None:
    statement = only(SOUND)
    assert (statement.account, statement.currency, statement.holder) == (
        ACCOUNT, "EUR", "LOGIS DU PAYS",
    )  # fmt: skip
    assert (statement.number, statement.date, statement.line) == ("327", DAY, 1)
    assert (statement.opening_cents, statement.closing_cents) == (1_000_00, 2_137_66)
    assert (len(statement.movements), statement.details) == (3, 2)
    assert not statement.account_flagged
    assert not statement.duplicate


def test_a_movement_tells_who_paid_what_and_when() -> None:
    paid = only(SOUND).movements[0]
    assert (paid.amount_cents, paid.value_date, paid.entry_date) == (
        450_00,
        date(2026, 11, 20),
        DAY,
    )
    assert (paid.structured, paid.structured_valid, paid.communication) == (RENT, True, "")
    assert (paid.counterparty_account, paid.counterparty_name) == (PAYER, "LEROY ANNE")
    assert (paid.bank_reference, paid.transaction_code) == ("REF 1", "00150000")
    assert (paid.line, paid.customer_reference) == (FIRST, "NOTPROVIDED")


def test_a_debit_is_negative() -> None:
    assert only(SOUND).movements[1].amount_cents == -12_34


def test_an_overdrawn_account_has_negative_balances() -> None:
    statement = only(written(CHARGES_TAKEN, opening=-500_00))
    assert (statement.opening_cents, statement.closing_cents) == (-500_00, -512_34)


def test_an_unknown_value_date_is_the_entry_date() -> None:
    assert only(written(Booking(1_00, DAY))).movements[0].value_date == DAY


def test_free_text_goes_on_over_three_records_without_a_seam() -> None:
    text = "".join(chr(ord("A") + n % 26) for n in range(149))
    content = written(Booking(1_00, DAY, communication=text))
    assert len(lines_of(content)) == 7
    assert only(content).movements[0].communication == text


def test_text_at_the_seams_keeps_its_words_apart() -> None:
    text = "x" * 52 + " novembre " + "y" * 43 + " " + "z"
    assert only(written(Booking(1_00, DAY, communication=text))).movements[0].communication == text


def test_a_structured_communication_with_wrong_check_digits_is_kept_and_marked() -> None:
    movement = only(written(Booking(1_00, DAY, structured="123456789000"))).movements[0]
    assert (movement.structured, movement.structured_valid) == ("123456789000", False)


def test_a_reconstituted_structured_communication_counts_as_structured() -> None:
    content = altered(written(RENT_PAID), FIRST, 63, "102")
    assert only(content).movements[0].structured == RENT


def test_other_structured_communications_are_text() -> None:
    content = altered(written(Booking(1_00, DAY)), FIRST, 62, "1111" + "CARTE 5")
    movement = only(content).movements[0]
    assert (movement.communication_type, movement.structured) == ("111", None)
    assert movement.communication == "CARTE 5"


def test_a_direct_debit_sent_back_is_a_return() -> None:
    content = written(Booking(-450_00, DAY, communication="x" * 149))
    told = f"1127231126111{'CREDITOR':35}{'MANDATE':35}{'LOYER NOVEMBRE':62}2AC04"
    content = altered(content, FIRST, 62, told[:54])
    content = altered(altered(content, 4, 11, told[54:107]), 5, 83, told[107:])
    movement = only(content).movements[0]
    assert (movement.communication, movement.is_return) == ("LOYER NOVEMBRE", True)
    assert (movement.return_type, movement.return_reason) == ("2", "AC04")


def test_a_return_tells_its_reason() -> None:
    returned = Booking(-450_00, DAY, structured=RENT, return_type="2", return_reason="MD06")
    movement = only(written(returned)).movements[0]
    assert (movement.is_return, movement.return_reason) == (True, "MD06")
    assert not only(SOUND).movements[0].is_return


def test_a_free_message_changes_nothing() -> None:
    content = write_statement(
        ACCOUNT, 327, DAY, 0, [RENT_PAID], messages=["Bonne année", "de votre banque"]
    )
    assert only(content).closing_cents == 450_00


def test_banks_may_count_free_messages_or_not() -> None:
    content = write_statement(ACCOUNT, 327, DAY, 0, [RENT_PAID], messages=["Bonne année"])
    assert only(altered(content, 8, 17, "000006")).movements
    assert refusals(altered(content, 8, 17, "000007")) == [(8, "nombre d'enregistrements")]


def test_information_records_are_passed_over() -> None:
    lines = lines_of(written(RENT_PAID))
    told = b"31" + b"00010001" + b"REF 1".ljust(21) + b"001500001001LEROY ANNE"
    lines.insert(5, told.ljust(125) + b"1 0")
    lines.insert(6, b"3200010001" + b"RUE HAUTE 1".ljust(115) + b"0 0")
    lines[-1] = lines[-1][:16] + b"000007" + lines[-1][22:]
    assert only(joined(lines)).movements[0].counterparty_name == "LEROY ANNE"


def test_an_old_account_number_is_twelve_digits() -> None:
    statement = only(write_statement("539007547034", 1, DAY, 0, [RENT_PAID]))
    assert (statement.account, statement.account_flagged) == ("539007547034", False)
    payer = Booking(1, DAY, counterparty_account="096123456769")
    assert only(written(payer)).movements[0].counterparty_account == "096123456769"


@pytest.mark.parametrize(
    "account", ["BE69539007547034", "539007547035", "FR1420041010050500013M02607"]
)
def test_an_account_with_wrong_check_digits_is_flagged_not_refused(account: str) -> None:
    assert only(write_statement(account, 1, DAY, 0, [RENT_PAID])).account_flagged


def test_a_foreign_account_is_read() -> None:
    statement = only(write_statement("FR1420041010050500013M02606", 1, DAY, 0, [RENT_PAID]))
    assert (statement.account, statement.account_flagged) == ("FR1420041010050500013M02606", False)


def test_a_duplicate_says_so() -> None:
    assert only(write_statement(ACCOUNT, 1, DAY, 0, [RENT_PAID], duplicate=True)).duplicate


def test_a_statement_without_movements_may_leave_out_its_new_balance() -> None:
    statement = only(written())
    assert (statement.closing_cents, statement.movements) == (1_000_00, [])
    lines = lines_of(written())
    shorter = [lines[0], lines[1], lines[3][:16] + b"000001" + lines[3][22:]]
    assert only(joined(shorter)).closing_cents == 1_000_00


def test_several_statements_in_a_file_keep_their_order() -> None:
    first = write_statement(ACCOUNT, 1, DAY, 0, [RENT_PAID])
    second = write_statement(ACCOUNT, 2, DAY, 450_00, [CHARGES_TAKEN])
    read = read_coda(join_statements(first, second))
    assert [statement.number for statement in read.statements] == ["001", "002"]
    # Joined by hand: each says that it is the last.
    assert len(read_coda(second + b"\r\n" + written()).statements) == 2


@pytest.mark.parametrize(
    "content",
    [
        SOUND.replace(b"\r\n", b"\n"),
        SOUND.rstrip(b"\r\n"),
        SOUND + b"\r\n\r\n",
        SOUND + b"\x1a",
        SOUND + b"   \r\n\x1a\r\n",
        b"\r\n" + SOUND,
        b"\xef\xbb\xbf" + SOUND,
    ],
)
def test_line_ends_and_blank_lines_do_not_matter(content: bytes) -> None:
    assert only(content).fingerprint == only(SOUND).fingerprint


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "cp850", "utf-8"])
def test_accents_are_read_in_each_encoding_of_the_banks(encoding: str) -> None:
    named = Booking(1_00, DAY, communication="Loyer été, où ça", counterparty_name="Hélène Noël")
    content = write_statement(ACCOUNT, 1, DAY, 0, [named])
    movement = only(content.decode("latin-1").encode(encoding)).movements[0]
    assert movement.communication == "Loyer été, où ça"
    assert movement.counterparty_name == "Hélène Noël"


def test_control_characters_become_spaces() -> None:
    content = altered(written(Booking(1_00, DAY, communication="A.B")), FIRST, 64, "\x07")
    assert only(content).movements[0].communication == "A B"


# --- globalised movements ---


def test_details_are_posted_in_place_of_their_movement_and_never_twice() -> None:
    statement = only(SOUND)
    postings = statement.postings()
    assert [posting.amount_cents for posting in postings] == [450_00, -12_34, 300_00, 400_00]
    change = statement.closing_cents - statement.opening_cents
    assert sum(posting.amount_cents for posting in postings) == change
    assert statement.movements[2].is_globalised


def test_a_globalised_movement_without_details_is_posted_itself() -> None:
    content = altered(written(RENT_PAID), FIRST, 54, "2")
    assert [posting.amount_cents for posting in only(content).postings()] == [450_00]


def test_details_of_charges_leave_the_transfer_whole() -> None:
    abroad = Booking(
        95_00, DAY, structured=RENT, details=(Booking(100_00, DAY), Booking(-5_00, DAY))
    )
    content = altered(written(abroad), FIRST, 54, "3")
    content = altered(altered(content, 4, 54, "8"), 5, 54, "8")
    statement = only(content)
    assert [(p.amount_cents, p.structured) for p in statement.postings()] == [(95_00, RENT)]
    assert statement.details == 2


def test_a_detail_may_have_details_of_its_own() -> None:
    content = written(
        Booking(100_00, DAY, details=(
            Booking(60_00, DAY), Booking(65_00, DAY), Booking(-5_00, DAY), Booking(40_00, DAY),
        ))
    )  # fmt: skip
    for line, kind in ((4, "7"), (5, "9"), (6, "9")):
        content = altered(content, line, 54, kind)
    content = altered(content, 3, 33, "000000000100000")
    content = altered(altered(content, 8, 43, "000000001100000"), 9, 38, "000000000100000")
    assert [posting.amount_cents for posting in only(content).postings()] == [60_00, 40_00]


def test_details_that_do_not_add_up_are_refused() -> None:
    content = written(Booking(700_00, DAY, details=(Booking(300_00, DAY), Booking(399_99, DAY))))
    assert refusals(content) == [(FIRST, "détails")]


def test_a_detail_of_another_movement_is_refused() -> None:
    assert (DETAIL, "détail") in refusals(altered(SOUND, DETAIL, 3, "0009"))


def test_a_detail_without_a_movement_is_refused() -> None:
    assert refusals(altered(written(RENT_PAID), FIRST, 54, "6")) == [(FIRST, "détail")]


def test_an_extract_that_repeats_another_file_is_refused() -> None:
    assert refusals(altered(SOUND, HEADER, 84, "00001")) == [(HEADER, "application séparée")]


# --- identity ---


def test_two_equal_payments_stay_two() -> None:
    postings = only(written(RENT_PAID, RENT_PAID)).postings()
    assert [posting.structured for posting in postings] == [RENT, RENT]
    assert len({posting.key for posting in postings}) == 2


def test_keys_survive_the_wrap_of_sequence_numbers() -> None:
    statement = only(written(*[Booking(1, DAY)] * 10_005))
    assert statement.movements[9_999].sequence == "0000"
    assert statement.movements[10_000].key == "0001-0000-2"
    assert len({posting.key for posting in statement.postings()}) == 10_005


def test_keys_do_not_depend_on_lines() -> None:
    longer = Booking(450_00, DAY, structured=RENT)
    keys = [posting.key for posting in only(written(longer, BATCH)).postings()]
    assert keys == [posting.key for posting in only(written(RENT_PAID, BATCH)).postings()]


def test_the_same_statement_again_has_the_same_fingerprint() -> None:
    again = write_statement(
        ACCOUNT, 327, DAY, 1_000_00, [RENT_PAID, CHARGES_TAKEN, BATCH], duplicate=True
    )
    assert only(again).fingerprint == only(SOUND).fingerprint


def test_other_movements_have_another_fingerprint() -> None:
    assert only(written(RENT_PAID)).fingerprint != only(written(RENT_PAID, RENT_PAID)).fingerprint
    cut = Booking(700_00, DAY, value_date=DAY, details=(Booking(700_00, DAY),))
    assert only(written(cut)).fingerprint != only(written(BATCH)).fingerprint


def test_a_statement_twice_in_one_file_is_refused() -> None:
    assert refusals(SOUND + SOUND) == [(12, "extrait")]


# --- what is refused ---


@pytest.mark.parametrize(
    ("content", "line", "field"),
    [
        (altered(SOUND, FIRST, 33, "000000000460000"), TRAILER, "nouveau solde"),
        (altered(SOUND, OLD, 43, "1"), TRAILER, "nouveau solde"),
        (altered(SOUND, NEW, 44, "9"), TRAILER, "nouveau solde"),
        (altered(SOUND, TRAILER, 17, "000010"), TRAILER, "nombre d'enregistrements"),
        (altered(SOUND, TRAILER, 35, "9"), TRAILER, "total des débits"),
        (altered(SOUND, TRAILER, 50, "9"), TRAILER, "total des crédits"),
        (altered(SOUND, FIRST, 47, "5"), FIRST, "montant"),
        (altered(SOUND, OLD, 58, "1"), OLD, "solde initial"),
        (altered(SOUND, FIRST, 40, "A"), FIRST, "montant"),
        (altered(SOUND, FIRST, 40, "²"), FIRST, "montant"),
        (altered(SOUND, FIRST, 40, " "), FIRST, "montant"),
        (altered(SOUND, NEW, 44, "-"), NEW, "nouveau solde"),
        (altered(SOUND, FIRST, 32, "2"), FIRST, "signe du mouvement"),
        (altered(SOUND, FIRST, 48, "310226"), FIRST, "date"),
        (altered(SOUND, FIRST, 116, "000000"), FIRST, "date"),
        (altered(SOUND, FIRST, 116, "23NOV6"), FIRST, "date d'écriture"),
        (altered(SOUND, NEW, 58, "311126"), NEW, "date du nouveau solde"),
        (altered(SOUND, OLD, 59, "991326"), OLD, "date du solde initial"),
        (altered(SOUND, OLD, 40, "USD"), OLD, "devise"),
        (altered(SOUND, OLD, 40, "   "), OLD, "devise"),
        (altered(SOUND, OLD, 2, "7"), OLD, "structure du compte"),
        (altered(SOUND, OLD, 6, " " * 34), OLD, "compte"),
        (altered(SOUND, NEW, 6, "F"), NEW, "compte"),
        (altered(SOUND, HEADER, 128, "1"), HEADER, "version"),
        (altered(SOUND, SECOND, 6, "2"), SECOND, "suite"),
        (altered(SOUND, THIRD, 10, "1"), THIRD, "suite"),
        (altered(SOUND, CHARGE, 1, "5"), CHARGE, "ordre"),
        (altered(SOUND, CHARGE, 1, "24"), CHARGE, "ordre"),
        (altered(SOUND, CHARGE, 1, "é"), CHARGE, "ordre"),
        (altered(SOUND, TRAILER, 128, "1"), TRAILER, "fichier"),
        (altered(SOUND, TRAILER, 128, "x"), TRAILER, "code fichier multiple"),
        (SOUND.replace(b"LEROY", b"LER\0Y"), THIRD, "fichier"),
        (SOUND.replace(b"LEROY", b"LEROYS"), THIRD, "ligne"),
        (SOUND.replace(b"LEROY", b"LERO"), THIRD, "ligne"),
        (b"", 1, "fichier"),
        (b"\r\n\r\n \x1a", 1, "fichier"),
        (b"nom;montant\r\nAnn;5\r\n", 1, "ligne"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_itself_is_refused_where_it_does(
    content: bytes, line: int, field: str
) -> None:
    assert (line, field) in refusals(content)


@pytest.mark.parametrize("line", [HEADER, OLD, FIRST, CHARGE, NEW, TRAILER])
def test_a_missing_record_is_refused(line: int) -> None:
    lines = lines_of(SOUND)
    assert refusals(joined(lines[: line - 1] + lines[line:]))


@pytest.mark.parametrize("line", range(1, 12))
def test_a_repeated_record_is_refused(line: int) -> None:
    lines = lines_of(SOUND)
    assert refusals(joined(lines[:line] + lines[line - 1 :]))


@pytest.mark.parametrize("line", range(1, 10))
def test_records_out_of_order_are_refused(line: int) -> None:
    lines = lines_of(written(RENT_PAID, Booking(1, DAY, communication="y" * 149), BATCH))
    lines[line - 1], lines[line] = lines[line], lines[line - 1]
    assert refusals(joined(lines))


def test_every_error_is_told_at_once() -> None:
    content = altered(altered(SOUND, FIRST, 40, "A"), CHARGE, 116, "310226")
    found = refusals(altered(content, GLOBAL, 47, "1"))
    assert found == [(FIRST, "montant"), (CHARGE, "date"), (GLOBAL, "montant")]


def test_a_good_statement_beside_a_bad_one_is_refused_with_it() -> None:
    bad = altered(written(RENT_PAID, number=328), FIRST, 40, "9")
    assert refusals(SOUND + bad) == [(18, "total des crédits"), (18, "nouveau solde")]


def test_a_detail_in_error_is_told_once() -> None:
    assert refusals(altered(SOUND, DETAIL, 48, "310226")) == [(DETAIL, "date")]


def test_reading_goes_on_at_the_next_header() -> None:
    bad = SOUND.replace(b"LEROY", b"LEROYS")
    found = refusals(bad + altered(written(RENT_PAID, number=328), FIRST, 40, "A"))
    assert found == [(THIRD, "ligne"), (14, "montant")]


def test_a_file_beyond_the_limit_is_refused_naming_it() -> None:
    with pytest.raises(CodaRefused, match=r"la limite est de 1\.0 Mo"):
        read_coda(b"0" * (2**20 + 1), limit_bytes=2**20)


def test_errors_are_told_up_to_a_hundred() -> None:
    lines = lines_of(written(*[Booking(1, DAY)] * 300))
    assert len(refusals(joined([line.replace(b"2311", b"3113") for line in lines]))) == 100


# --- against a maintained reader, and against chance ---


def test_the_sample_of_the_oracle_is_read_as_it_reads_it() -> None:
    path = Path(oracle.__file__).with_name("CODA.txt")
    assert_agrees(read_coda(path.read_bytes()), path.read_bytes().decode("latin-1"))


def assert_agrees(read: CodaFile, text: str) -> None:
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


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_and_nothing_else(content: bytes) -> None:
    assert refusals(content)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=3))
def test_bytes_overwritten_anywhere_are_read_or_refused(place: int, noise: bytes) -> None:
    content = SOUND[:place] + noise + SOUND[place + len(noise) :]
    try:
        closing_cents = only(content).closing_cents
    except CodaRefused:
        return
    assert closing_cents == 2_137_66


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


def test_a_hundred_thousand_movements_are_read_quickly() -> None:
    content = written(*[Booking(n, DAY, structured=RENT) for n in range(100_000)])
    started = time.perf_counter()
    statement = only(content)
    elapsed = time.perf_counter() - started
    assert len(statement.movements) == 100_000
    # 0.5 s where measured; the bound leaves room for a busy machine.
    assert elapsed < 3.0
