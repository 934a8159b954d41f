"""What a camt.053 bank file must be to be taken: refused whole otherwise, told where."""

import subprocess
import sys
from pathlib import Path

import pytest
from camt_files import (
    SOUND,
    SOUND_02,
    altered,
    balance,
    camt,
    document,
    line_of,
    refusals,
    refused,
    stmt,
)
from coda_files import BATCH, DAY, RENT_PAID, written
from coda_files import refusals as coda_refusals

from services.arrears.bank_file_refused import BankFileRefused
from services.arrears.camt import read_camt
from services.arrears.coda import read_coda
from services.demonstration.coda_writer import Booking

XML = b'<?xml version="1.0"?>\n'
BOMB = (
    "<!DOCTYPE Document [\n"
    '<!ENTITY a "aaaaaaaaaa">\n'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">\n' for n in range(1, 12))
    + "]>\n"
)


PAGE = "<StmtPgntn><PgNb>{}</PgNb><LastPgInd>{}</LastPgInd></StmtPgntn>"
DETAILS = "Ntry/NtryDtls"


@pytest.mark.parametrize(
    ("before", "after", "at", "path"),
    [
        ("1000.00", "1000.01", "CLBD", "Bal/Amt"),
        ("2137.66", "2137.65", "CLBD", "Bal/Amt"),
        ("<NbOfNtries>3", "<NbOfNtries>4", "<NbOfNtries>3", "TxsSummry/TtlNtries/NbOfNtries"),
        ("<Sum>1162.34", "<Sum>1162.35", "<Sum>", "TxsSummry/TtlNtries/Sum"),
        ("1137.66", "1137.67", "1137.66", "TxsSummry/TtlNtries/TtlNetNtry/Amt"),
        ("<NbOfNtries>2", "<NbOfNtries>1", "TtlCdtN", "TxsSummry/TtlCdtNtries/NbOfNtries"),
        ("<Sum>1150.00", "<Sum>1150.10", "TtlCdtN", "TxsSummry/TtlCdtNtries/Sum"),
        ("<NbOfNtries>1<", "<NbOfNtries>x<", "TtlDbtN", "TxsSummry/TtlDbtNtries/NbOfNtries"),
        ("<Sum>12.34", "<Sum>12.345", "TtlDbtN", "TxsSummry/TtlDbtNtries/Sum"),
        ("450.00</Amt><", "450.005</Amt><", "450.00</Amt><", "Ntry/Amt"),
        ("450.00</Amt><", "-450.00</Amt><", "450.00</Amt><", "Ntry/Amt"),
        ("450.00</Amt><", "4,50</Amt><", "450.00</Amt><", "Ntry/Amt"),
        ("450.00</Amt><", "1e3</Amt><", "450.00</Amt><", "Ntry/Amt"),
        ("450.00</Amt><", "1234567890123.00</Amt><", "450.00</Amt><", "Ntry/Amt"),
        ("450.00</Amt><", "²</Amt><", "450.00</Amt><", "Ntry/Amt"),
        ('"EUR">450.00</Amt><', '"USD">450.00</Amt><', "450.00</Amt><", "Ntry/Amt"),
        ('Amt Ccy="EUR">1000.00', 'Amt Ccy="CHF">1000.00', "OPBD", "Bal/Amt"),
        ("<Ccy>EUR</Ccy>", "<Ccy>USD</Ccy>", "<Acct>", "Acct/Ccy"),
        ("<IBAN>BE68539007547034</IBAN>", "", "<Acct>", "Acct/Id"),
        ("<IBAN>BE685", f"<IBAN>{'BE' * 17}685", "<Acct>", "Acct/Id"),
        ("CRDT</CdtDbtInd>\n", "CREDIT</CdtDbtInd>\n", "450.00</Amt><", "Ntry/CdtDbtInd"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>\n<Sts>", "\n<Sts>", "<Ntry>", "Ntry/CdtDbtInd"),
        ("<Cd>BOOK</Cd>", "<Cd>MAYBE</Cd>", "<Sts>", "Ntry/Sts"),
        ("<Cd>BOOK</Cd>", "<Prtry>OK</Prtry>", "<Sts>", "Ntry/Sts"),
        ("<Sts><Cd>BOOK</Cd></Sts>", "", "<Ntry>", "Ntry/Sts"),
        ("<Sts>", "<RvslInd>oui</RvslInd><Sts>", "<Sts>", "Ntry/RvslInd"),
        ("2026-11-23</Dt></BookgDt>", "2026-11-31</Dt></BookgDt>", "<BookgDt>", "Ntry/BookgDt"),
        ("2026-11-20</Dt></ValDt>", "23/11/2026</Dt></ValDt>", "<ValDt>", "Ntry/ValDt"),
        ("2026-11-20</Dt></ValDt>", "9999-11-20</Dt></ValDt>", "<ValDt>", "Ntry/ValDt"),
        ("<Dt>2026-11-20<", "<DtTm>9999-12-31T23:59:59-09:00</DtTm><Dt><", "<ValDt>", "Ntry/ValDt"),
        ("OPBD", "ITBD", "<Stmt>", "Bal"),
        ("CLBD", "CLAV", "<Stmt>", "Bal"),
        ("<Dt><Dt>2026-11-23</Dt></Dt>", "", "<Bal>", "Bal/Dt"),
        ("<Bal>", balance("CLBD", 0, DAY) + "\n<Bal>", "CLBD", "Bal"),
        ("<Acct>", f"{PAGE.format(2, 'true')}<Acct>", "<Acct>", "StmtPgntn"),
        ("<Acct>", f"{PAGE.format(1, 'false')}<Acct>", "<Acct>", "StmtPgntn"),
        ("<LglSeqNb>327", "<LglSeqNb>32A", "<LglSeqNb>", "LglSeqNb"),
        ("<NbOfTxs>2", "<NbOfTxs>3", "<NbOfTxs>", f"{DETAILS}/Btch/NbOfTxs"),
        ("700.00</TtlAmt>", "700.01</TtlAmt>", "<Btch", f"{DETAILS}/Btch/TtlAmt"),
        ('"EUR">300.00', '"EUR">300.01', "<Btch>", f"{DETAILS}/Btch/TtlAmt"),
        ('"EUR">300.00', '"USD">300.00', "300.00", f"{DETAILS}/TxDtls/Amt"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_itself_is_refused_where_it_does(
    before: str, after: str, at: str, path: str
) -> None:
    found = refusals(altered(SOUND, before, after))
    near = line_of(SOUND, at)
    assert any(abs(line - near) <= 1 for line, field in found if field == f"Stmt/{path}")


def test_entries_that_do_not_make_the_balances_are_refused_at_the_closing_one() -> None:
    content = altered(SOUND, ">450.00", ">460.00", count=2)
    assert refusals(content)[0] == (line_of(SOUND, "CLBD"), "Stmt/Bal/Amt")


def test_details_that_do_not_add_up_are_refused_at_their_entry() -> None:
    content = camt(Booking(700_00, DAY, details=(Booking(300_00, DAY), Booking(399_99, DAY))))
    found = refusals(content.replace(b"<TtlAmt", b"<Ttl").replace(b"</TtlAmt", b"</Ttl"))
    assert found == [(line_of(content, "<Ntry>"), "Stmt/Ntry/NtryDtls")]


def test_one_detail_of_another_amount_is_refused_unless_charges_are_told() -> None:
    content = altered(camt(RENT_PAID), "<TxDtls>\n", "<TxDtls>\n")
    before = 'NOTPROVIDED</EndToEndId></Refs>\n<Amt Ccy="EUR">450.00'
    content = altered(content, before, before.replace("450.00", "451.00"))
    assert refusals(content) == [(line_of(content, "<Ntry>"), "Stmt/Ntry/NtryDtls")]


def test_an_amount_is_refused_once_and_sums_are_not_judged_with_it() -> None:
    assert refusals(altered(SOUND_02, "450.00</Amt><", "450,00</Amt><")) == [
        (line_of(SOUND_02, "450.00</Amt><"), "Stmt/Ntry/Amt")
    ]


def test_zeros_after_the_cents_are_no_fractions() -> None:
    assert read_camt(altered(SOUND, "450.00</Amt><", "450.00000</Amt><")).statements
    assert read_camt(altered(SOUND, "450.00</Amt><", "450.</Amt><")).statements


def test_every_error_is_told_at_once_in_the_order_of_the_lines() -> None:
    content = altered(SOUND, "450.00</Amt><", "4.5.0</Amt><")
    content = altered(content, "2026-11-23</Dt></BookgDt>", "2026-02-31</Dt></BookgDt>")
    content = altered(content, "<NbOfTxs>2", "<NbOfTxs>9")
    assert [field for _, field in refusals(content)] == [
        "Stmt/Ntry/Amt", "Stmt/Ntry/BookgDt", "Stmt/Ntry/NtryDtls/Btch/NbOfTxs",
    ]  # fmt: skip


def test_errors_are_told_up_to_a_hundred() -> None:
    content = camt(*[Booking(1, DAY)] * 150)
    assert len(refusals(content.replace(b"<BookgDt><Dt>2026-11", b"<BookgDt><Dt>2026-13"))) == 100


def test_a_good_statement_beside_a_bad_one_is_refused_with_it() -> None:
    bad = stmt(RENT_PAID, number=328).replace("1450.00", "1450.01")
    content = document(stmt(RENT_PAID), bad)
    assert [field for _, field in refusals(content)] == ["Stmt/Bal/Amt"]


def test_a_statement_twice_in_one_file_is_refused() -> None:
    assert [field for _, field in refusals(document(stmt(RENT_PAID), stmt(RENT_PAID)))] == [
        "extrait"
    ]


# --- what refers to what is outside, or grows ---


@pytest.mark.parametrize(
    "prologue",
    [
        BOMB,
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1:1/camt.dtd">\n',
        '<!DOCTYPE Document [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]>\n',
        "<!DOCTYPE Document>\n",
    ],
    ids=["expansion", "file", "network", "parameter", "bare"],
)
def test_a_file_with_a_doctype_is_refused_before_any_entity(prologue: str) -> None:
    content = altered(SOUND, "<Document", f"{prologue}<Document").replace(b"LEROY", b"&x;")
    ((line, field, reason),) = refused(content)
    assert (line, field) == (2, "fichier")
    assert "DOCTYPE" in reason
    assert "root:" not in reason


def test_an_entity_that_nobody_declared_is_refused() -> None:
    content = SOUND.replace(b"LEROY", b"&x;")
    assert refusals(content) == [(line_of(content, "&x;"), "fichier")]


def test_a_file_that_includes_another_is_refused() -> None:
    inclusion = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    ((line, field, reason),) = refused(altered(SOUND, "<Ntry>", f"{inclusion}<Ntry>"))
    assert (line, field) == (line_of(SOUND, "<Ntry>"), "fichier")
    assert "inclure" in reason


@pytest.mark.parametrize(
    ("inside", "path"),
    [
        ("<Ustrd>x</Ustrd>" * 3_000, "Stmt/Ntry/NtryDtls/TxDtls/RmtInf"),
        (f"<Ustrd>{'x' * 60_000}</Ustrd>", "Stmt/Ntry/NtryDtls/TxDtls/RmtInf/Ustrd"),
        ("<a>" * 100_000 + "</a>" * 100_000, None),
    ],
    ids=["many", "long", "deep"],
)
def test_an_element_beyond_all_measure_is_refused(inside: str, path: str | None) -> None:
    found = refusals(altered(SOUND, "<RmtInf>", f"<RmtInf>{inside}"))
    assert len(found) == 1
    assert path is None or found[0][1] == path


@pytest.mark.parametrize(
    "inside",
    [
        "<a>" * 300_000,
        "".join(f"<a{n}/>" for n in range(30_000)),
        f"<!--{'x' * 3_000_000}-->",
        "<a " + "".join(f"b{n}='' " for n in range(200_000)) + "/>",
    ],
    ids=["depth", "names", "comment", "attributes"],
)
def test_a_file_that_would_grow_in_memory_is_refused(inside: str) -> None:
    ((_, field, reason),) = refused(altered(SOUND, "<Acct>", f"{inside}<Acct>"))
    assert field == "fichier"
    assert "démesurés" in reason


def test_reading_needs_the_memory_of_a_piece_and_not_of_the_file() -> None:
    alone = [sys.executable, str(Path(__file__).with_name("reading_alone.py"))]
    said = subprocess.run(alone, capture_output=True, check=True, text=True, timeout=300)
    size_bytes, peak_bytes = map(int, said.stdout.split())

    assert peak_bytes < 2 * 2**20 < size_bytes


# --- files of another kind ---


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf \r\n\x1a", "vide"),
        (b"nom;montant\r\nAnn;5\r\n", "pas un fichier XML"),
        (b"PK\x03\x04" + b"\0" * 100, "pas un fichier XML"),
        (b"\0" * 1_000, "pas un fichier XML"),
        ("lease;month".encode("utf-16"), "bien formé"),
        (written(RENT_PAID), "c'est un fichier CODA"),
        (XML + b"<html><body/></html>", "« html »"),
        (XML + b"<Document/>", "« Document »"),
        (XML + b'<Document xmlns="urn:other:camt.053.001.08"/>', "camt.053.001.08"),
        (XML + b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'/>", "pain.001"),
        (altered(SOUND, "camt.053.001.08", "camt.052.001.08"), "« camt.052.001.08 »"),
        (altered(SOUND, "camt.053.001.08", "camt.053.001.13"), "« camt.053.001.13 »"),
        (SOUND.replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn"), "« BkToCstmrDbtCdtNtfctn »"),
        (document(), "aucun extrait"),
        (SOUND[: len(SOUND) // 2], "incomplet"),
        (SOUND.replace(b"LEROY", b"LEROY \xe9"), "encodage"),
        (SOUND.replace(b"UTF-8", b"klingon"), "encodage"),
        (SOUND.replace(b"UTF-8", b"UTF-16"), "encodage"),
        (SOUND.replace(b"UTF-8", b"utf-7"), "encodage"),
        (SOUND.replace(b"</Ntry>", b"</Entry>"), "bien formé"),
        (SOUND + b"<Document/>", "bien formé"),
        (SOUND.replace(b"LEROY", b"LER\0Y"), "bien formé"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused_naming_it(content: bytes, told: str) -> None:
    ((line, field, reason),) = refused(content)
    assert field in ("fichier", "Stmt")
    assert line >= 1
    assert told in reason


def test_a_camt_file_given_as_coda_is_told_what_it_is() -> None:
    assert coda_refusals(SOUND) == [(1, "fichier")]
    with pytest.raises(BankFileRefused, match=r"pas un fichier CODA.*camt\.053"):
        read_coda(b"\xef\xbb\xbf\r\n" + SOUND)


def test_a_file_beyond_the_limit_is_refused_naming_it() -> None:
    with pytest.raises(BankFileRefused, match=r"la limite est de 1\.0 Mo"):
        read_camt(b"0" * (2**20 + 1), limit_bytes=2**20)


def test_a_file_cut_anywhere_is_refused_whole() -> None:
    content = camt(RENT_PAID, BATCH).rstrip()
    assert read_camt(content).statements
    for end in range(len(content)):
        assert refusals(content[:end])


def test_lines_are_counted_in_a_long_file() -> None:
    content = camt(*[Booking(1, DAY)] * 8_000, RENT_PAID)
    content = altered(content, "450.00</Amt><", "450.001</Amt><")
    found = refusals(content)
    assert found == [(line_of(content, "450.001"), "Stmt/Ntry/Amt")]
    assert found[0][0] > 100_000
