"""Bank files made for a test, sound or altered, and what reading them tells."""

from datetime import date

import pytest

from services.arrears.bank_file_refused import BankFileRefused
from services.arrears.bank_movements import Statement
from services.arrears.coda import read_coda
from services.demonstration.coda_writer import Booking, structured_communication, write_statement

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
    with pytest.raises(BankFileRefused) as refused:
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
