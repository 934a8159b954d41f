"""Importing into arrears: the month's rent roll, what is owed besides rent and payments outside
the bank (CSV), and the bank's statements (CODA, camt.053).

rent-roll.csv: lease, month (YYYY-MM), rent, charges; due_on (optional, the policy's due day).
"""

import re
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from services.arrears.accounts_in_arrears import select_lease_ids
from services.arrears.bank_file import import_bank_file
from services.arrears.other_charge_file import COLUMNS as OTHER_CHARGE_COLUMNS
from services.arrears.other_charge_file import HEADERS as OTHER_CHARGE_HEADERS
from services.arrears.other_charge_file import OtherChargeFile
from services.arrears.payment_file import COLUMNS as PAYMENT_COLUMNS
from services.arrears.payment_file import HEADERS as PAYMENT_HEADERS
from services.arrears.payment_file import PaymentFile
from services.arrears.policy import due_on
from services.arrears.rent_account import RentAccount
from services.arrears.waiting_charge import WaitingCharge
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.imports import Reading, ignored, rename_header, run_import
from services.chassis.tabular import Column, Kind, Refused, read_table

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])", re.ASCII)
COLUMNS = (
    Column("lease", max_length=40),
    Column("month", max_length=7),
    Column("rent", Kind.CENTS),
    Column("charges", Kind.CENTS),
    Column("due_on", Kind.DAY, required=False),
)
HEADERS = {"bail": "lease", "mois": "month", "loyer": "rent", "échéance": "due_on"}


_WAITS = (
    "Le bail {lease} n'est pas encore connu : cette ligne attend qu'il soit signé. "
    "Vérifiez son numéro."
)


class FileKind(StrEnum):
    RENT_ROLL = "rent-roll"
    CODA = "coda"
    CAMT053 = "camt053"
    PAYMENTS = "payments"
    OTHER_CHARGES = "other-charges"


KINDS = {
    FileKind.RENT_ROLL: "Loyers du mois",
    FileKind.CODA: "Extraits CODA",
    FileKind.CAMT053: "Extraits camt.053",
    FileKind.PAYMENTS: "Paiements hors banque",
    FileKind.OTHER_CHARGES: "Montants en dehors du loyer",
}
TABLES = {
    FileKind.RENT_ROLL: COLUMNS,
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
    headers = HEADERS
    if kind is FileKind.PAYMENTS:
        part, headers = PaymentFile(arrears), PAYMENT_HEADERS
    elif kind is FileKind.OTHER_CHARGES:
        part, headers = OtherChargeFile(arrears), OTHER_CHARGE_HEADERS
    report = run_import(
        arrears,
        caller,
        kind,
        filename,
        content,
        read=lambda file: part.read(rename_header(file, headers)),
        post=part.post,
        dry_run=dry_run,
        partial=partial,
    )
    return report.as_json()


class RentRoll:
    """A month's charges, a line a lease. A lease not known yet is not a fault: the line waits."""

    def __init__(self, arrears: "Arrears") -> None:
        self.arrears = arrears

    def read(self, content: bytes) -> Reading:
        table = read_table(content, COLUMNS)
        refused = list(table.refused)
        found: list[Row] = table.rows
        rows: list[Row] = []
        flagged = ignored(table)
        known = self._known([row["lease"] for row in found])
        seen: set[tuple[str, str]] = set()
        charged = self._charged([row["lease"] for row in found])
        for row in found:
            fault = self._fault(row, seen, charged)
            if fault is not None:
                refused.append(Refused(row["line"], *fault))
                continue
            rows.append(row)
            doubt = self._doubt(row, known)
            if doubt is not None:
                flagged.append(Refused(row["line"], *doubt))
        return Reading(rows, refused, flagged)

    def _known(self, references: list[str]) -> dict[str, date]:
        """The start of each lease that is known."""
        with self.arrears.datastore.reading() as rows:
            found = rows.execute(
                "SELECT reference, start_on FROM account WHERE reference = ANY(%s) AND NOT closed",
                (references,),
            ).fetchall()
        return {row["reference"]: row["start_on"] for row in found}

    def _doubt(self, row: Row, known: dict[str, date]) -> tuple[str, str] | None:
        """What a person should look at before or after a line is posted."""
        start_on = known.get(row["lease"])
        if start_on is None:
            return "lease", _WAITS.format(lease=row["lease"])
        if row["month"] < f"{start_on:%Y-%m}":
            return "month", f"Le bail ne commence que le {start_on:%d/%m/%Y} : vérifiez le mois."
        return None

    def _charged(self, references: list[str]) -> dict[tuple[str, str], tuple[int, int]]:
        with self.arrears.datastore.reading() as rows:
            found = rows.execute(
                "SELECT a.reference, l.month, l.rent_cents, l.charges_cents FROM account_line l"
                " JOIN account a USING (lease_id) WHERE l.kind = 'charge'"
                " AND a.reference = ANY(%s)",
                (references,),
            ).fetchall()
        return {(r["reference"], r["month"]): (r["rent_cents"], r["charges_cents"]) for r in found}

    def _fault(
        self,
        row: Row,
        seen: set[tuple[str, str]],
        charged: dict[tuple[str, str], tuple[int, int]],
    ) -> tuple[str, str] | None:
        if not MONTH.fullmatch(row["month"]):
            return "month", "Un mois s'écrit AAAA-MM, par exemple 2025-03."
        if row["rent"] < 0 or row["charges"] < 0:
            return "rent", "Un loyer ou des charges ne sont pas négatifs."
        key = (row["lease"], row["month"])
        if key in seen:
            return "lease", "Ce bail figure déjà dans le fichier pour ce mois."
        seen.add(key)
        known = charged.get(key)
        if known is not None and known != (row["rent"], row["charges"]):
            return (
                "rent",
                "Ce mois est déjà facturé pour un autre montant : corrigez l'un des deux.",
            )
        return None

    def post(self, act: Act, rows: list[Row]) -> int:
        """Charge each line; one whose lease is not known waits under its reference."""
        leases = select_lease_ids(act, [row["lease"] for row in rows])
        accounts = act.find_all(RentAccount, leases.values())
        for row in rows:
            due = row["due_on"] or due_on(row["month"])
            lease_id = leases.get(row["lease"])
            if lease_id is None:
                self._wait(act, row, due)
            else:
                self.arrears.charge(
                    act, accounts[lease_id], row["month"], due, row["rent"], row["charges"]
                )
        return len(rows)

    def _wait(self, act: Act, row: Row, due: Any) -> None:
        slug = self.arrears.company.slug
        charge_id = WaitingCharge.id_of(slug, row["lease"], row["month"])
        if act.find(WaitingCharge, charge_id) is None:
            act.save(
                WaitingCharge.open(
                    WaitingCharge.Kept,
                    charge_id,
                    reference=row["lease"],
                    month=row["month"],
                    due_on=due,
                    rent_cents=row["rent"],
                    charges_cents=row["charges"],
                    occurred_on=due,
                )
            )
