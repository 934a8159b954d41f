"""Importing into arrears: the rent roll, what is owed besides rent and payments outside the bank
(CSV), and the bank's statements (CODA, camt.053).
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from services.arrears.bank_file import import_bank_file
from services.arrears.file_columns import COLUMN_WORDS
from services.arrears.other_charge_file import COLUMNS as OTHER_CHARGE_COLUMNS
from services.arrears.other_charge_file import HEADERS as OTHER_CHARGE_HEADERS
from services.arrears.other_charge_file import OtherChargeFile
from services.arrears.payment_file import COLUMNS as PAYMENT_COLUMNS
from services.arrears.payment_file import HEADERS as PAYMENT_HEADERS
from services.arrears.payment_file import PaymentFile
from services.arrears.rent_roll import COLUMNS as RENT_ROLL_COLUMNS
from services.arrears.rent_roll import HEADERS as RENT_ROLL_HEADERS
from services.arrears.rent_roll import RentRoll
from services.chassis.caller import Caller
from services.chassis.imports import rename_header, run_import

if TYPE_CHECKING:
    from services.arrears.service import Arrears


class FileKind(StrEnum):
    RENT_ROLL = "rent-roll"
    CODA = "coda"
    CAMT053 = "camt053"
    PAYMENTS = "payments"
    OTHER_CHARGES = "other-charges"


KINDS = {
    FileKind.RENT_ROLL: "Loyers",
    FileKind.CODA: "Extraits CODA",
    FileKind.CAMT053: "Extraits camt.053",
    FileKind.PAYMENTS: "Paiements hors banque",
    FileKind.OTHER_CHARGES: "Montants en dehors du loyer",
}
TABLES = {
    FileKind.RENT_ROLL: RENT_ROLL_COLUMNS,
    FileKind.PAYMENTS: PAYMENT_COLUMNS,
    FileKind.OTHER_CHARGES: OTHER_CHARGE_COLUMNS,
}
"""The kinds that are tables, with their columns."""


def import_file(
    arrears: "Arrears",
    caller: Caller,
    kind: FileKind,
    filename: str,
    content: bytes,
    *,
    dry_run: bool = False,
    partial: bool = False,
) -> dict[str, Any]:
    """Import one file; the answer is the contract of `referent import`."""
    if kind not in TABLES:
        return import_bank_file(arrears, caller, kind.value, filename, content, dry_run=dry_run)
    part: RentRoll | PaymentFile | OtherChargeFile = RentRoll(arrears)
    headers = RENT_ROLL_HEADERS
    if kind is FileKind.PAYMENTS:
        part, headers = PaymentFile(arrears), PAYMENT_HEADERS
    elif kind is FileKind.OTHER_CHARGES:
        part, headers = OtherChargeFile(arrears), OTHER_CHARGE_HEADERS
    words = {COLUMN_WORDS[column.name].casefold(): column.name for column in TABLES[kind]}
    report = run_import(
        arrears,
        caller,
        kind,
        filename,
        content,
        read=lambda file: part.read(rename_header(file, words | headers)),
        post=part.post,
        dry_run=dry_run,
        partial=partial,
    )
    return report.as_json()
