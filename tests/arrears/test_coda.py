"""What is taken from a CODA bank file."""

from datetime import date

import pytest
from coda_files import (
    ACCOUNT,
    BATCH,
    CHARGES_TAKEN,
    DAY,
    DETAIL,
    FIRST,
    HEADER,
    PAYER,
    RENT,
    RENT_PAID,
    SOUND,
    altered,
    joined,
    lines_of,
    only,
    refusals,
    written,
)

from services.arrears.coda import read_coda
from services.demonstration.coda_writer import Booking, join_statements, write_statement


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
    assert len(statement.movements[2].details) == 2


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
