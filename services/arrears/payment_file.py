"""Payments that did not come through the bank's files: a cash desk, a CPAS that pays by list.

payments.csv: receipt, paid_on, amount, and whose it is by lease or communication; payer optional.
A receipt's number is the company's own, and means one payment for ever: the same one again is
passed over, and another amount or day under it is refused.
"""

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stdnum.be import ogm_vcs

from contracts.arrears import MatchedBy, PaidBy
from services.arrears.payment_orders import PaymentOrders
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.imports import Reading, ignored
from services.chassis.tabular import Column, Kind, Refused, read_table

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
Fault = tuple[str, str]
PAYERS = {"locataire": PaidBy.TENANT, "cpas": PaidBy.CPAS, "autre": PaidBy.OTHER}
RECEIPT = Column("receipt", max_length=40)
COLUMNS = (
    RECEIPT,
    Column("paid_on", Kind.DAY),
    Column("amount", Kind.CENTS),
    Column("lease", required=False, max_length=40),
    Column("communication", required=False, max_length=40),
    Column("payer", Kind.CHOICE, required=False, choices=tuple(dict.fromkeys((*PaidBy, *PAYERS)))),
)
HEADERS = {
    "reçu": "receipt",
    "payé le": "paid_on",
    "bail": "lease",
    "payeur": "payer",
}
SELECT_ACCOUNTS = """
SELECT lease_id, reference, payment_reference FROM account
WHERE (reference = ANY(%s) OR payment_reference = ANY(%s)) AND NOT closed
"""
SELECT_TAKEN = """
SELECT line_id AS payment_id, -cents AS cents, on_day, lease_id FROM account_line
WHERE kind = 'payment' AND line_id = ANY(%(ids)s)
UNION SELECT payment_id, amount_cents, value_date, lease_id FROM unmatched_payment
WHERE payment_id = ANY(%(ids)s)
"""

_ELSEWHERE = (
    "Ce reçu est déjà importé, et n'est pas ou plus sur ce bail : cette ligne n'y change rien. "
    "Vérifiez son numéro."
)


class PaymentFile:
    """Every line is one payment on one lease."""

    def __init__(self, arrears: "Arrears") -> None:
        self.arrears = arrears
        self.today = arrears.today

    def read(self, content: bytes) -> Reading:
        table = read_table(content, COLUMNS)
        found: list[Row] = table.rows
        refused, flagged, rows = list(table.refused), ignored(table), []
        accounts = self._accounts(found)
        taken = self._taken([self._payment_id(row) for row in found])
        # Of a line that is refused for a cell too: nobody knows which of the two is right.
        numbered: list[Row] = read_table(content, [RECEIPT]).rows if table.refused else found
        first_lines = {row["receipt"]: row["line"] for row in reversed(numbered)}
        for row in found:
            row["lease_id"], no_lease = _whose(row, accounts)
            fault = self._fault(row, taken, first_lines[row["receipt"]]) or no_lease
            if fault is not None:
                refused.append(Refused(row["line"], *fault))
                continue
            rows.append(row)
            there = taken.get(self._payment_id(row))
            if there is not None and there["lease_id"] != row["lease_id"]:
                flagged.append(Refused(row["line"], "lease", _ELSEWHERE))
        return Reading(rows, refused, flagged)

    def _payment_id(self, row: Row) -> UUID:
        return natural_id(self.arrears.company.slug, "payment", f"receipt/{row['receipt']}")

    def _accounts(self, found: list[Row]) -> dict[str, UUID]:
        """Lease ids by lease number and by the twelve digits of a communication."""
        numbers = [row["lease"] for row in found if row["lease"]]
        digits = [_digits(row) for row in found if row["communication"]]
        with self.arrears.datastore.reading() as rows:
            accounts = rows.execute(SELECT_ACCOUNTS, (numbers, digits)).fetchall()
        by_number = {row["reference"]: row["lease_id"] for row in accounts}
        return by_number | {row["payment_reference"]: row["lease_id"] for row in accounts}

    def _taken(self, payment_ids: list[UUID]) -> dict[UUID, Row]:
        with self.arrears.datastore.reading() as rows:
            found = rows.execute(SELECT_TAKEN, {"ids": payment_ids}).fetchall()
        return {row["payment_id"]: row for row in found}

    def _fault(self, row: Row, taken: dict[UUID, Row], first_line: int) -> Fault | None:
        if row["line"] != first_line:
            return "receipt", "Ce numéro de reçu figure déjà dans le fichier."
        if row["amount"] <= 0:
            return "amount", "Un paiement doit être de plus de 0 €."
        if row["paid_on"] > self.today:
            return "paid_on", "Ce jour n'est pas encore là."
        there = taken.get(self._payment_id(row))
        said = (row["amount"], row["paid_on"])
        if there is not None and (there["cents"], there["on_day"]) != said:
            return (
                "receipt",
                "Ce numéro de reçu est déjà importé pour un autre montant ou un autre jour.",
            )
        return None

    def post(self, act: Act, rows: list[Row]) -> int:
        """Receive each payment; one received before is passed over, wherever it is now."""
        ids = [self._payment_id(row) for row in rows]
        taken = {row["payment_id"] for row in act.rows(SELECT_TAKEN, {"ids": ids})}
        accounts = act.find_all(RentAccount, [row["lease_id"] for row in rows])
        orders = PaymentOrders(act, accounts)
        for payment_id, row in zip(ids, rows, strict=True):
            if payment_id not in taken:
                account = accounts[row["lease_id"]]
                money = (payment_id, row["amount"], row["paid_on"], MatchedBy.OFFICER)
                ordering = orders.of(account.id, row["paid_on"])
                account.receive_payment(*money, _payer(row["payer"]), ordering)
                act.save(account)
        return len(rows)


def _payer(said: str | None) -> PaidBy | None:
    if said is None:
        return None
    return PAYERS.get(said) or PaidBy(said)


def _digits(row: Row) -> str:
    return re.sub(r"\D", "", row["communication"])


def _whose(row: Row, accounts: dict[str, UUID]) -> tuple[UUID | None, Fault | None]:
    """The lease that a line names, else what is wrong with how it does."""
    named: set[UUID] = set()
    if row["communication"]:
        digits = _digits(row)
        if not ogm_vcs.is_valid(digits):
            return None, (
                "communication",
                "Les chiffres de contrôle de cette communication sont faux.",
            )
        if digits not in accounts:
            return None, ("communication", "Aucun bail n'a cette communication.")
        named.add(accounts[digits])
    if row["lease"]:
        if row["lease"] not in accounts:
            return None, ("lease", "Ce bail n'a pas de compte : vérifiez son numéro.")
        named.add(accounts[row["lease"]])
    if not named:
        return None, ("lease", "Indiquez le bail ou la communication.")
    if len(named) > 1:
        return None, ("lease", "Le bail et la communication ne sont pas du même locataire.")
    return named.pop(), None
