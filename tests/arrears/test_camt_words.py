"""What the words of a camt.053 payment come to: a structured communication, or text."""

import pytest
from camt_files import (
    altered,
    camt,
    only,
)
from coda_files import DAY, RENT, RENT_PAID

from services.demonstration.coda_writer import Booking

RETURNED = Booking(-450_00, DAY, structured=RENT, return_type="2", return_reason="MD06")
BOTH = pytest.mark.parametrize("version", ["02", "08"])


def said(text: str) -> bytes:
    return camt(Booking(1_00, DAY, communication=text))


@pytest.mark.parametrize("written", [RENT, "+++123/4567/89002+++", "***123/4567/89002***"])
@BOTH
def test_a_structured_communication_is_read_however_it_is_written(
    written: str, version: str
) -> None:
    paid = Booking(1_00, DAY, structured=written)
    (movement,) = only(camt(paid, version=version)).movements
    assert (movement.structured, movement.structured_valid) == (RENT, True)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("+++123/4567/89002+++", ""),
        ("loyer +++123/4567/89002+++ merci", "loyer  merci"),
        ("***123456789002*** novembre", "novembre"),
        ("LOYER 123/4567/89002", "LOYER"),
        ("123456789002", ""),
    ],
)
def test_a_structured_communication_inside_of_free_text_is_found(text: str, rest: str) -> None:
    (movement,) = only(said(text)).movements
    assert (movement.structured, movement.structured_valid) == (RENT, True)
    assert movement.communication == rest


@pytest.mark.parametrize(
    "text",
    [
        "loyer de novembre",
        "facture 123456789002 du 3",
        "123456789003",
        "123/4567/89003",
        "0123/4567/89002",
        "+++123/4567/89002+++ ou +++000/0000/00101+++",
    ],
)
def test_other_text_stays_text(text: str) -> None:
    (movement,) = only(said(text)).movements
    assert (movement.structured, movement.structured_valid) == (None, None)
    assert movement.communication == text


def test_wrong_check_digits_are_kept_and_marked() -> None:
    (movement,) = only(camt(Booking(1_00, DAY, structured="123456789000"))).movements
    assert (movement.structured, movement.structured_valid) == ("123456789000", False)
    (typed,) = only(said("loyer +++123/4567/89000+++")).movements
    assert (typed.structured, typed.structured_valid) == ("123456789000", False)
    assert typed.communication == "loyer +++123/4567/89000+++"


def test_references_of_other_kinds_are_text() -> None:
    (movement,) = only(altered(camt(RENT_PAID), RENT, "RF18539007547034")).movements
    assert (movement.structured, movement.communication) == (None, "RF18539007547034")
    content = camt(Booking(1_00, DAY, structured="123456789000"))
    content = altered(altered(content, "<Cd>SCOR<", "<Cd>PUOR<"), "<Issr>BBA</Issr>", "")
    (movement,) = only(content).movements
    assert (movement.structured, movement.communication) == (None, "123456789000")


def test_two_structured_communications_for_one_payment_are_for_a_person_to_read() -> None:
    other = "<Strd><CdtrRefInf><Ref>000000000101</Ref></CdtrRefInf></Strd></RmtInf>"
    (movement,) = only(altered(camt(RENT_PAID), "</RmtInf>", other)).movements
    assert movement.structured is None
    assert movement.communication == f"000000000101 {RENT}"


def test_text_beside_a_structured_communication_is_kept() -> None:
    content = altered(camt(RENT_PAID), "<RmtInf>", "<RmtInf><Ustrd>merci</Ustrd>")
    (movement,) = only(content).movements
    assert (movement.structured, movement.communication) == (RENT, "merci")


def test_what_the_bank_says_of_an_entry_stands_for_words_of_its_own() -> None:
    content = altered(
        camt(Booking(-1, DAY)), "</Ntry>", "<AddtlNtryInf>FRAIS</AddtlNtryInf></Ntry>"
    )
    assert only(content).movements[0].communication == "FRAIS"


def test_control_characters_become_spaces() -> None:
    content = altered(said("A\tB\x85C.D"), "C.D", "C&#10;D")
    assert only(content).movements[0].communication == "A B C D"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_accents_are_read_in_the_encoding_that_is_announced(encoding: str) -> None:
    named = Booking(1_00, DAY, communication="Loyer été", counterparty_name="Hélène Noël & Cie")
    text = camt(named).decode().replace("UTF-8", encoding)
    (movement,) = only(text.encode(encoding)).movements
    assert (movement.communication, movement.counterparty_name) == (
        "Loyer été",
        "Hélène Noël & Cie",
    )
