"""What is taken from a camt.053 bank file: its statements, and what of them counts."""

from datetime import date

import pytest
from camt_files import (
    SOUND,
    SOUND_02,
    altered,
    balance,
    camt,
    document,
    entry,
    line_of,
    only,
    stmt,
)
from coda_files import ACCOUNT, BATCH, CHARGES_TAKEN, DAY, PAYER, RENT, RENT_PAID, written
from coda_files import only as only_coda

from services.arrears.camt import read_camt
from services.demonstration.coda_writer import Booking

RETURNED = Booking(-450_00, DAY, structured=RENT, return_type="2", return_reason="MD06")
BOTH = pytest.mark.parametrize("version", ["02", "08"])


def said(text: str) -> bytes:
    return camt(Booking(1_00, DAY, communication=text))


@BOTH
def test_a_statement_tells_its_account_balances_and_day(version: str) -> None:
    statement = only(camt(RENT_PAID, CHARGES_TAKEN, BATCH, version=version))
    assert (statement.account, statement.currency, statement.holder) == (
        ACCOUNT, "EUR", "LOGIS DU PAYS",
    )  # fmt: skip
    assert (statement.number, statement.date, statement.line) == ("327", DAY, 5)
    assert (statement.opening_cents, statement.closing_cents) == (1_000_00, 2_137_66)
    assert (len(statement.movements), statement.details) == (3, 2)
    assert not statement.account_flagged
    assert not statement.duplicate


@BOTH
def test_a_movement_tells_who_paid_what_and_when(version: str) -> None:
    content = camt(RENT_PAID, version=version)
    (paid,) = only(content).movements
    assert (paid.amount_cents, paid.value_date, paid.entry_date) == (
        450_00,
        date(2026, 11, 20),
        DAY,
    )
    assert (paid.structured, paid.structured_valid, paid.communication) == (RENT, True, "")
    assert (paid.counterparty_account, paid.counterparty_name) == (PAYER, "LEROY ANNE")
    assert (paid.bank_reference, paid.transaction_code) == ("REF 1", "PMNT-RCDT-ESCT")
    assert (paid.line, paid.customer_reference) == (line_of(content, "<Ntry>"), "NOTPROVIDED")


def test_both_versions_of_a_statement_say_the_same() -> None:
    assert only(SOUND).fingerprint == only(SOUND_02).fingerprint


def test_a_debit_is_negative_and_so_is_an_overdrawn_account() -> None:
    statement = only(camt(CHARGES_TAKEN, opening=-500_00))
    assert [movement.amount_cents for movement in statement.movements] == [-12_34]
    assert (statement.opening_cents, statement.closing_cents) == (-500_00, -512_34)


def test_what_is_paid_out_tells_who_gets_it() -> None:
    paid = Booking(-50_00, DAY, counterparty_account=PAYER, counterparty_name="ASCENSEURS SA")
    (movement,) = only(camt(paid)).movements
    assert (movement.counterparty_account, movement.counterparty_name) == (PAYER, "ASCENSEURS SA")


def test_the_company_itself_is_never_the_other_side() -> None:
    content = altered(camt(RENT_PAID), f"<IBAN>{PAYER}", f"<IBAN>{ACCOUNT}")
    (movement,) = only(content).movements
    assert (movement.counterparty_account, movement.counterparty_name) == ("", "")


@pytest.mark.parametrize(
    ("days", "value_date", "entry_date"),
    [
        ("<BookgDt><Dt>2026-11-23</Dt></BookgDt>", DAY, DAY),
        ("<ValDt><Dt>2026-11-23+01:00</Dt></ValDt>", DAY, DAY),
        ("<BookgDt><DtTm>2026-11-23T23:59:00</DtTm></BookgDt>", DAY, DAY),
        ("<BookgDt><DtTm>2026-11-22T23:30:00Z</DtTm></BookgDt>", DAY, DAY),
        ("<BookgDt><DtTm>2026-11-23T23:30:00.5+01:00</DtTm></BookgDt>", DAY, DAY),
    ],
)
def test_a_day_is_one_of_brussels_and_stands_for_one_left_out(
    days: str, value_date: date, entry_date: date
) -> None:
    told = "<BookgDt><Dt>2026-11-23</Dt></BookgDt>\n<ValDt><Dt>2026-11-23</Dt></ValDt>"
    (movement,) = only(altered(camt(Booking(1, DAY)), told, days)).movements
    assert (movement.value_date, movement.entry_date) == (value_date, entry_date)


@BOTH
@pytest.mark.parametrize("status", ["PDNG", "INFO"])
def test_only_booked_entries_count(version: str, status: str) -> None:
    waiting = "\n".join(entry(Booking(5_00, DAY), version, status)) + "\n</Stmt>"
    statement = only(altered(camt(RENT_PAID, version=version), "</Stmt>", waiting))
    assert [movement.amount_cents for movement in statement.movements] == [450_00]
    assert statement.closing_cents == 1_450_00


def test_totals_may_count_what_is_not_booked_yet() -> None:
    waiting = "\n".join(entry(Booking(5_00, DAY), "08", "PDNG")) + "\n</Stmt>"
    content = altered(camt(RENT_PAID), "</Stmt>", waiting)
    content = altered(content, "<NbOfNtries>1<", "<NbOfNtries>2<")
    assert only(altered(content, "<Sum>450.00<", "<Sum>455.00<")).movements


def test_a_reversal_takes_back_what_came_in() -> None:
    reversed_ = Booking(-450_00, DAY, structured=RENT)
    content = altered(camt(reversed_), "<Sts>", "<RvslInd>true</RvslInd><Sts>")
    (movement,) = only(content).movements
    assert (movement.amount_cents, movement.structured) == (-450_00, RENT)
    assert (movement.is_return, movement.return_type) == (True, "4")


def test_a_reversal_names_the_payer_of_what_it_reverses() -> None:
    content = camt(RENT_PAID)
    content = altered(content, "</RltdPties>", "<Cdtr><Nm>LOGIS DU PAYS</Nm></Cdtr></RltdPties>")
    content = content.replace(b"CRDT", b"DBIT")
    content = altered(content, "<Sts>", "<RvslInd>1</RvslInd><Sts>")
    content = altered(content, "1450.00</Amt><CdtDbtInd>DBIT", "550.00</Amt><CdtDbtInd>CRDT")
    content = altered(content, "1000.00</Amt><CdtDbtInd>DBIT", "1000.00</Amt><CdtDbtInd>CRDT")
    content = content[: content.index(b"<TxsSummry>")] + content[content.index(b"<Ntry>") :]
    (movement,) = only(content).movements
    assert (movement.amount_cents, movement.counterparty_name) == (-450_00, "LEROY ANNE")


@BOTH
def test_a_return_tells_its_reason(version: str) -> None:
    (movement,) = only(camt(RETURNED, version=version)).movements
    assert (movement.is_return, movement.return_type, movement.return_reason) == (True, "2", "MD06")
    assert not only(SOUND).movements[0].is_return


def test_an_account_may_be_a_number_that_is_no_iban() -> None:
    statement = only(camt(RENT_PAID, account="539007547034"))
    assert (statement.account, statement.account_flagged) == ("539007547034", False)
    assert not only(camt(RENT_PAID, account="44556677")).account_flagged


@pytest.mark.parametrize("account", ["BE69539007547034", "539007547035"])
def test_an_account_with_wrong_check_digits_is_flagged_not_refused(account: str) -> None:
    assert only(camt(RENT_PAID, account=account)).account_flagged


def test_the_balance_before_may_be_the_previous_closing_one() -> None:
    statement = only(altered(camt(RENT_PAID), "OPBD", "PRCD"))
    assert (statement.opening_cents, statement.closing_cents) == (1_000_00, 1_450_00)


def test_other_balances_are_passed_over() -> None:
    more = balance("CLAV", 5, DAY) + balance("FWAV", 6, DAY) + balance("FWAV", 7, DAY) + "<Ntry>"
    assert only(altered(camt(RENT_PAID), "<Ntry>", more)).closing_cents == 1_450_00


@pytest.mark.parametrize(
    ("numbers", "number"),
    [
        ("<ElctrncSeqNb>2026000012</ElctrncSeqNb><LglSeqNb>327</LglSeqNb>", "327"),
        ("<ElctrncSeqNb>2026000327</ElctrncSeqNb>", "327"),
        ("<ElctrncSeqNb>7</ElctrncSeqNb><LglSeqNb>0</LglSeqNb>", "007"),
        ("<LglSeqNb>1000</LglSeqNb>", "000"),
        ("", "261123-327"),
    ],
)
def test_the_number_is_that_of_the_paper_statement_in_three_digits(
    numbers: str, number: str
) -> None:
    told = "<ElctrncSeqNb>2026000327</ElctrncSeqNb>\n<LglSeqNb>327</LglSeqNb>"
    assert only(altered(camt(RENT_PAID), told, numbers)).number == number


def test_a_duplicate_says_so() -> None:
    content = altered(camt(RENT_PAID), "<Acct>", "<CpyDplctInd>DUPL</CpyDplctInd><Acct>")
    assert only(content).duplicate


def test_a_statement_without_entries_is_read() -> None:
    statement = only(camt())
    assert (statement.closing_cents, statement.movements) == (1_000_00, [])


@BOTH
def test_several_statements_in_a_file_keep_their_order(version: str) -> None:
    first = stmt(RENT_PAID, version=version, number=1, opening=0)
    second = stmt(CHARGES_TAKEN, version=version, number=2, opening=450_00)
    read = read_camt(document(first, second, version=version))
    assert [statement.number for statement in read.statements] == ["001", "002"]
    assert [len(statement.movements) for statement in read.statements] == [1, 1]


def test_a_prefix_line_ends_and_what_is_of_another_namespace_do_not_matter() -> None:
    text = SOUND.decode()
    prefixed = text.replace("</", "</c:").replace("<", "<c:").replace("<c:/c:", "</c:")
    prefixed = prefixed.replace("<c:?xml", "<?xml").replace("xmlns=", "xmlns:c=")
    foreign = altered(SOUND, "<Ntry>", '<x:Amt xmlns:x="urn:x">9<x:Amt/></x:Amt><Ntry>')
    more = altered(
        SOUND, "<Ntry>", "<SplmtryData><Envlp><Stmt><Id/></Stmt></Envlp></SplmtryData><Ntry>"
    )
    for same in (prefixed.encode(), SOUND.replace(b"\n", b"\r\n"), foreign, more):
        assert only(same).fingerprint == only(SOUND).fingerprint


def test_two_equal_payments_stay_two() -> None:
    postings = only(camt(RENT_PAID, RENT_PAID)).postings()
    assert len({posting.key for posting in postings}) == 2


def test_keys_are_those_of_a_coda_file_of_the_same_bookings() -> None:
    of_camt = [posting.key for posting in only(SOUND).postings()]
    of_coda = only_coda(written(RENT_PAID, CHARGES_TAKEN, BATCH)).postings()
    assert of_camt == [posting.key for posting in of_coda]


def test_the_same_amounts_are_told_in_either_format_and_others_are_not() -> None:
    coda = only_coda(written(RENT_PAID, CHARGES_TAKEN, BATCH))
    assert only(SOUND).amounts == coda.amounts
    assert only(camt(BATCH, RENT_PAID, CHARGES_TAKEN)).amounts == coda.amounts
    assert only(camt(RENT_PAID, CHARGES_TAKEN)).amounts != coda.amounts
    assert only(camt(RENT_PAID, CHARGES_TAKEN, BATCH, opening=0)).amounts != coda.amounts
    assert (only(SOUND).account, only(SOUND).date, only(SOUND).number) == (
        coda.account,
        coda.date,
        coda.number,
    )


def test_other_words_have_another_fingerprint() -> None:
    assert only(said("a")).fingerprint != only(said("b")).fingerprint
