"""How people's amounts are read, and how amounts and days are written back to them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.amounts import LIMIT_CENTS, format_cents, format_day, parse_cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,56", 123456),
        ("1234.56", 123456),
        ("1 234,56", 123456),
        ("1\u00a0234,56", 123456),
        ("1\u202f234,56\u00a0€", 123456),
        ("1234,56 EUR", 123456),
        ("1.234.567", 123456700),
        ("1.234.567,8", 123456780),
        ("-12,50", -1250),
        ("\u221212,50", -1250),
        ("+0,05", 5),
        ("  450 ", 45000),
        ("12,5", 1250),
        ("0", 0),
        ("-0,00", 0),
        ("000012,30", 1230),
        ("10.000.000,00", LIMIT_CENTS),
        ("-10000000", -LIMIT_CENTS),
    ],
)
def test_an_amount_is_read_as_belgians_write_it(text: str, cents: int) -> None:
    assert parse_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,234", "ambigu"),
        ("1.234", "ambigu"),
        ("-12.345", "ambigu"),
        ("12,345 €", "ambigu"),
        ("1234,567", "plus de deux décimales"),
        ("0,123", "plus de deux décimales"),
        ("1.234,567", "plus de deux décimales"),
        ("10.000.000,01", "limite"),
        ("-10000000,01", "limite"),
        ("9" * 5_000, "limite"),
        ("", "vide"),
        ("  ", "vide"),
        ("€", "vide"),
        ("douze", "n'est pas un montant"),
        ("1.23,45", "n'est pas un montant"),
        ("12 34,50", "n'est pas un montant"),
        ("1 234.567,00", "n'est pas un montant"),
        ("1,234.56", "n'est pas un montant"),
        (",50", "n'est pas un montant"),
        ("12,50-", "n'est pas un montant"),
        ("--5", "n'est pas un montant"),
        ("1e3", "n'est pas un montant"),
        ("NaN", "n'est pas un montant"),
        ("٣,٥٠", "n'est pas un montant"),
    ],
)
def test_an_amount_that_could_be_misread_is_refused_with_its_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_cents(text)


@given(st.integers(-LIMIT_CENTS, LIMIT_CENTS))
def test_what_is_written_is_read_back(cents: int) -> None:
    assert parse_cents(format_cents(cents)) == cents


@given(st.text(max_size=40))
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    try:
        cents = parse_cents(text)
    except ValueError:
        return
    assert abs(cents) <= LIMIT_CENTS


def test_amounts_are_written_as_belgians_read_them() -> None:
    assert format_cents(123456).replace("\u202f", " ").replace("\u00a0", " ") == "1 234,56 €"
    assert format_cents(-5).replace("\u00a0", " ") == "\u22120,05 €"
    assert format_cents(0).replace("\u00a0", " ") == "0,00 €"


def test_days_are_written_in_full() -> None:
    assert format_day(date(2026, 11, 23)) == "23 novembre 2026"
    assert format_day(date(2026, 11, 1)) == "1er novembre 2026"
    assert format_day(date(2026, 11, 11)) == "11 novembre 2026"
