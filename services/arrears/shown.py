"""What pages and the JSON API of arrears show: accounts with the tenants' names, unsealed."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.accounts_in_arrears import select_account, select_in_arrears
from services.chassis.refusal import NotFound

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
NAME_FIELD = "name"
LINES = {
    "charge": "Loyer et charges",
    "payment": "Paiement",
    "reversal": "Paiement repris par la banque",
    "write-off": "Créance abandonnée",
    "credit-returned": "Avance rendue",
    "credit-moved": "Avance déplacée vers un autre bail",
    "put-apart": "Part d'un paiement mise en dehors du loyer",
}
"""Kinds of lines of an account."""


def with_names(arrears: "Arrears", found: list[Row]) -> list[Row]:
    """The accounts with `names`, unsealed for whoever may read."""
    held = [row["leaseholders"] for row in found]
    sealed = [holder.get(NAME_FIELD) for holders in held for holder in holders]
    opened = iter(arrears.keyring.show_all(arrears.company, sealed, NAME_FIELD))
    return [
        {name: value for name, value in row.items() if name != "leaseholders"}
        | {"names": [next(opened) for _ in holders]}
        for row, holders in zip(found, held, strict=True)
    ]


def account(arrears: "Arrears", lease_id: UUID) -> Row:
    """Errors: NotFound."""
    with arrears.datastore.reading() as rows:
        found = select_account(rows, lease_id)
    if found is None:
        raise NotFound("Ce compte n'existe pas dans cette société.")
    return with_names(arrears, [found])[0]


def in_arrears(arrears: "Arrears", day: date) -> list[Row]:
    with arrears.datastore.reading() as rows:
        found = select_in_arrears(rows, day)
    return with_names(arrears, found)
