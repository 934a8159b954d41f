"""What pages and the JSON API of arrears show: rows with the tenants' names, unsealed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from psycopg import Cursor
from psycopg.rows import DictRow

from services.arrears.accounts_in_arrears import search_accounts
from services.chassis.names import FOUND_MAX, is_name, mentions

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
NAME_FIELD = "name"


def accounts(arrears: "Arrears", select: Callable[[Cursor[DictRow]], list[DictRow]]) -> list[Row]:
    """What `select` finds, each account with `names`, unsealed for whoever may read."""
    with arrears.datastore.reading() as rows:
        found = select(rows)
    held = [row["leaseholders"] for row in found]
    sealed = [holder.get(NAME_FIELD) for holders in held for holder in holders]
    opened = iter(arrears.keyring.show_all(arrears.company, sealed, NAME_FIELD))
    return [
        {name: value for name, value in row.items() if name != "leaseholders"}
        | {"names": [next(opened) for _ in holders]}
        for row, holders in zip(found, held, strict=True)
    ]


def search(arrears: "Arrears", text: str) -> list[Row]:
    """Accounts by lease number, dwelling number, structured communication or name."""
    if not is_name(text):
        return accounts(arrears, lambda rows: search_accounts(rows, text, FOUND_MAX))
    numbers = ("reference", "dwelling_reference")
    found = accounts(arrears, lambda rows: search_accounts(rows, "", None))
    held = [r for r in found if mentions([*r["names"], *(r[n] for n in numbers)], text)]
    return held[:FOUND_MAX]
