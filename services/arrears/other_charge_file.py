"""What is owed besides rent, by list: the bills of a month, the instalments of deposits.

other-charges.csv: lease, kind, due_on, amount, reference. A line is known on its lease by its kind
and reference: the same one again is passed over, another amount or day under it is refused.
"""

from datetime import date
from re import fullmatch
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.other_charges import CHARGE_REFERENCE, OtherChargeKind
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.imports import Reading, ignored
from services.chassis.tabular import Column, Kind, Refused, read_table

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
Fault = tuple[str, str]
KINDS = {
    "deposit": OtherChargeKind.DEPOSIT,
    "garantie": OtherChargeKind.DEPOSIT,
    "repairs": OtherChargeKind.REPAIRS,
    "réparations": OtherChargeKind.REPAIRS,
    "fees": OtherChargeKind.FEES,
    "frais": OtherChargeKind.FEES,
}
"""Court costs are noted on the legal path, case by case."""
COLUMNS = (
    Column("lease", max_length=40),
    Column("kind", Kind.CHOICE, choices=tuple(KINDS)),
    Column("due_on", Kind.DAY),
    Column("amount", Kind.CENTS),
    Column("reference", max_length=40),
)
HEADERS = {
    "bail": "lease",
    "nature": "kind",
    "référence": "reference",
}
NO_NUMBER = (
    "Une référence est un numéro, jamais un nom : au moins un chiffre, quatre lettres de suite au "
    "plus."
)
SELECT_ACCOUNTS = "SELECT reference, lease_id FROM account WHERE reference = ANY(%s) AND NOT closed"
SELECT_KNOWN = """
SELECT lease_id, kind, reference, cents, on_day FROM other_charge_line
WHERE what = 'charge' AND lease_id = ANY(%s)
"""


class OtherChargeFile:
    """Every line is one amount on one lease."""

    def __init__(self, arrears: "Arrears") -> None:
        self.arrears = arrears

    def read(self, content: bytes) -> Reading:
        table = read_table(content, COLUMNS)
        found: list[Row] = table.rows
        refused, rows = list(table.refused), []
        with self.arrears.datastore.reading() as cursor:
            accounts = cursor.execute(SELECT_ACCOUNTS, ([row["lease"] for row in found],))
            leases = {row["reference"]: row["lease_id"] for row in accounts.fetchall()}
            known = cursor.execute(SELECT_KNOWN, (list(leases.values()),)).fetchall()
        noted = {
            (row["lease_id"], row["kind"], row["reference"]): (row["cents"], row["on_day"])
            for row in known
        }
        for row in found:
            row["lease_id"], row["kind"] = leases.get(row["lease"]), KINDS[row["kind"]]
            fault = _fault(row, noted)
            if fault is None:
                rows.append(row)
            else:
                refused.append(Refused(row["line"], *fault))
        return Reading(rows, refused, ignored(table))

    def post(self, act: Act, rows: list[Row]) -> int:
        """Record each line; one that stands so already is passed over."""
        accounts = act.find_all(RentAccount, [row["lease_id"] for row in rows])
        for row in rows:
            account = accounts[row["lease_id"]]
            said = (row["kind"], row["amount"], row["due_on"], row["reference"])
            account.record_other_charge(self.arrears.company.slug, *said)
            act.save(account)
        return len(rows)


def _fault(row: Row, noted: dict[tuple[UUID, str, str], tuple[int, date]]) -> Fault | None:
    """What is wrong with a line; a good one is noted, so that the file is held to itself too."""
    if row["lease_id"] is None:
        return "lease", "Ce bail n'a pas de compte : vérifiez son numéro."
    if row["amount"] <= 0:
        return "amount", "Un montant dû doit être de plus de 0 €."
    if not fullmatch(CHARGE_REFERENCE, row["reference"]):
        return "reference", NO_NUMBER
    said = (row["amount"], row["due_on"])
    key = (row["lease_id"], row["kind"].value, row["reference"])
    if noted.setdefault(key, said) != said:
        return "reference", "Cette référence est déjà notée pour un autre montant ou un autre jour."
    return None
