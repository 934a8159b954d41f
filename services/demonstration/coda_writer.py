"""Writing CODA 2.x files for the demonstration company and the tests: same input, same bytes.

Written from the layout of the standard, apart from the reader: neither borrows the other's errors.
Source: Febelfin, Coded statement of account (CODA), version 2.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

CREDIT_TRANSFER: Final = "0150000"
DEBIT_TRANSFER: Final = "0101000"


@dataclass(frozen=True, slots=True)
class Booking:
    """One movement to write; with `details`, a globalised one which they add up to.

    Units:  amount_cents signed, + credit, - debit; structured is 12 digits; family is the
            transaction code without its type, "" for a plain transfer; return_type "2" is a return.
    """

    amount_cents: int
    entry_date: date
    structured: str = ""
    communication: str = ""
    counterparty_account: str = ""
    counterparty_name: str = ""
    value_date: date | None = None
    bank_reference: str = ""
    customer_reference: str = ""
    family: str = ""
    return_type: str = ""
    return_reason: str = ""
    details: tuple["Booking", ...] = ()


def structured_communication(number: int) -> str:
    """Make the 12 digits of a structured communication from a number below 10,000,000,000.

    Source: python-stdnum, Belgian OGM-VCS: two check digits, the number modulo 97, 97 for 0.
    """
    if not 0 <= number < 10**10:
        raise ValueError(f"{number} has more than ten digits, or is negative.")
    return f"{number:010d}{number % 97 or 97:02d}"


def write_statement(
    account: str,
    number: int,
    day: date,
    opening_cents: int,
    bookings: Sequence[Booking],
    *,
    holder: str = "",
    messages: Sequence[str] = (),
    duplicate: bool = False,
) -> bytes:
    """Write a file of one statement, balances, totals and counts included, in Latin-1.

    Units:  number 0 to 999; opening_cents may be negative; account is an IBAN, or the 12 digits
            of an old Belgian number; texts longer than their columns are cut.
    Facts:  lines end in CR LF; a value date left out is written 000000.
    """
    old_number = len(account) == 12 and account.isdigit()
    account_field = f"{account} EUR0BE" if old_number else f"{account:<34.34}EUR"
    structure = "0" if old_number else "2" if account.startswith("BE") else "3"
    closing_cents = opening_cents + sum(booking.amount_cents for booking in bookings)
    old_balance = (
        f"1{structure}{number:03d}{account_field:<37}{_signed(opening_cents)}{_day(day)}"
        f"{holder:<26.26}{'':35}{number:03d}"
    )
    records = [old_balance]
    for order, booking in enumerate(bookings, 1):
        _add_movement(records, booking, order % 10_000)
    records.append(f"8{number:03d}{account_field:<37}{_signed(closing_cents)}{_day(day)}{'':64}0")
    debit = -sum(booking.amount_cents for booking in bookings if booking.amount_cents < 0)
    credit = sum(booking.amount_cents for booking in bookings if booking.amount_cents > 0)
    header = (
        f"00000{_day(day)}00005{'D' if duplicate else ' '}{'':17}{holder:<26.26}{'':11}"
        f"{'':11} 00000{'':39}2"
    )
    trailer = f"9{'':15}{len(records):06d}{debit:014d}0{credit:014d}0{'':75}"
    records += [
        f"4 {order:04d}0000{'':22}{text:<80.80}{'':15}{int(order < len(messages))}"
        for order, text in enumerate(messages, 1)
    ]
    lines = [header, *records, trailer + "2"]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1", "replace")


def join_statements(*files: bytes) -> bytes:
    """Make one file of several: each statement but the last says that another follows."""
    ending = b"2\r\n"
    return b"".join(file.removesuffix(ending) + b"1\r\n" for file in files[:-1]) + files[-1]


def _add_movement(records: list[str], booking: Booking, sequence: int) -> None:
    details = booking.details
    records += _movement_records(
        booking, "2" if details else "0", f"{sequence:04d}0000", globalised=bool(details)
    )
    for order, detail in enumerate(details, 1):
        last = order == len(details)
        place = f"{sequence:04d}{order % 10_000:04d}"
        records += _movement_records(detail, "6", place, globalised=last)


def _movement_records(booking: Booking, kind: str, place: str, *, globalised: bool) -> list[str]:
    text = f"101{booking.structured}" if booking.structured else booking.communication
    text = f"{text:<149.149}"
    family = booking.family or (CREDIT_TRANSFER if booking.amount_cents >= 0 else DEBIT_TRANSFER)
    second = (
        f"{text[53:106]}{booking.customer_reference:<35.35}{'':11}   "
        f"{booking.return_type:<1.1}{booking.return_reason:<4.4}{'':8}"
    )
    third = (
        f"{_counterparty_account(booking.counterparty_account)}"
        f"{booking.counterparty_name:<35.35}{text[106:]}"
    )
    has_second, has_third = bool(second.strip()), bool(third.strip())
    value_date = _day(booking.value_date) if booking.value_date else "000000"
    first = (
        f"{booking.bank_reference:<21.21}{_signed(booking.amount_cents)}{value_date}"
        f"{kind}{family}{int(bool(booking.structured))}{text[:53]}{_day(booking.entry_date)}000"
        f"{int(globalised)}{int(has_second or has_third)} 0"
    )
    records = [f"21{place}{first}"]
    if has_second:
        records.append(f"22{place}{second}{int(has_third)} 0")
    if has_third:
        records.append(f"23{place}{third}0 0")
    return records


def _counterparty_account(account: str) -> str:
    if not account:
        return " " * 37
    return f"{account} EUR".ljust(37) if len(account) == 12 else f"{account:<34.34}EUR"


def _signed(cents: int) -> str:
    return f"{int(cents < 0)}{abs(cents):014d}0"


def _day(day: date) -> str:
    return f"{day:%d%m%y}"
