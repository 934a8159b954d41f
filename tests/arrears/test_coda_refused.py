"""What a CODA bank file must be to be taken: refused whole otherwise, told where."""

import pytest
from coda_files import (
    BATCH,
    CHARGE,
    DAY,
    DETAIL,
    FIRST,
    GLOBAL,
    HEADER,
    NEW,
    OLD,
    RENT_PAID,
    SECOND,
    SOUND,
    THIRD,
    TRAILER,
    altered,
    joined,
    lines_of,
    refusals,
    written,
)

from services.arrears.bank_file_refused import BankFileRefused
from services.arrears.coda import read_coda
from services.demonstration.coda_writer import (
    Booking,
)


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
    with pytest.raises(BankFileRefused, match=r"la limite est de 1\.0 Mo"):
        read_coda(b"0" * (2**20 + 1), limit_bytes=2**20)


def test_errors_are_told_up_to_a_hundred() -> None:
    lines = lines_of(written(*[Booking(1, DAY)] * 300))
    assert len(refusals(joined([line.replace(b"2311", b"3113") for line in lines]))) == 100
