"""Finding an account: by its numbers, a name, an address, or an amount that was charged, paid or is
owed. Names and addresses are unsealed for whoever may read them, compared in memory, never indexed.
"""

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from services.arrears import shown
from services.arrears.accounts_in_arrears import search_accounts
from services.chassis.amounts import format_day, parse_cents
from services.chassis.keyring import ERASED, UNAVAILABLE
from services.chassis.names import FOUND_MAX, holds

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
ADDRESS_FIELD = "address"
OWED = "reste dû ce jour"
SELECT_OF_AMOUNT = """
WITH found AS (
    SELECT DISTINCT ON (lease_id) lease_id, kind, on_day FROM account_line
    WHERE abs(cents) = %(cents)s ORDER BY lease_id, kind = 'charge', on_day DESC
), owing AS (
    SELECT lease_id FROM account_line WHERE on_day <= %(day)s
    GROUP BY lease_id HAVING sum(cents) = %(cents)s
)
SELECT a.*, o.lease_id IS NOT NULL AS owing, f.kind, f.on_day FROM account a
LEFT JOIN found f USING (lease_id) LEFT JOIN owing o USING (lease_id)
WHERE f.lease_id IS NOT NULL OR o.lease_id IS NOT NULL
ORDER BY a.closed, a.ended_on IS NOT NULL, a.reference LIMIT %(limit)s
"""


def amount_in(text: str) -> int | None:
    """The cents of an amount that was typed with its decimals or its sign; else None.

    A number without them is that of a lease, a dwelling or a communication.
    """
    if not any(sign in text for sign in ",.€"):
        return None
    with suppress(ValueError):
        return abs(parse_cents(text))
    return None


def search(arrears: "Arrears", text: str, today: date) -> list[Row]:
    """At most 50 accounts with `names`, and `because`: why, where no number or name says it.

    An amount is one that was charged or paid, or what is owed on `today`.
    """
    cents = amount_in(text)
    if cents is not None:
        return _of_amount(arrears, cents, today)
    if any(map(str.isdigit, text)):
        with arrears.datastore.reading() as rows:
            numbered = search_accounts(rows, text, FOUND_MAX)
        if numbered:
            return shown.with_names(arrears, numbered)
    return _by_words(arrears, text)


def _of_amount(arrears: "Arrears", cents: int, today: date) -> list[Row]:
    asked = {"cents": cents, "day": today, "limit": FOUND_MAX}
    with arrears.datastore.reading() as rows:
        found = rows.execute(SELECT_OF_AMOUNT, asked).fetchall()
    return [row | {"because": _why(row)} for row in shown.with_names(arrears, found)]


def _why(row: Row) -> list[str]:
    because = [OWED] if row["owing"] else []
    if row["kind"] is not None:
        words = shown.LINES[row["kind"]]
        because.append(f"{words[0].lower()}{words[1:]} du {format_day(row['on_day'])}")
    return because


def _by_words(arrears: "Arrears", sought: str) -> list[Row]:
    with arrears.datastore.reading() as rows:
        held = search_accounts(rows, "", None)
    addresses = _addresses(arrears, held)
    found: list[Row] = []
    for row, living_at in zip(shown.with_names(arrears, held), addresses, strict=True):
        if holds(sought, *row["names"], row["reference"], row["dwelling_reference"]):
            found.append(row)
        elif holds(sought, living_at):
            found.append(row | {"because": [living_at]})
    return found[:FOUND_MAX]


def _addresses(arrears: "Arrears", held: list[Row]) -> list[str]:
    """The first address that is known of each account's tenants; else an empty text."""
    sealed = [holder.get(ADDRESS_FIELD) for row in held for holder in row["leaseholders"]]
    opened = iter(arrears.keyring.show_all(arrears.company, sealed, ADDRESS_FIELD))
    told = [[next(opened) for _ in row["leaseholders"]] for row in held]
    return [next((t for t in each if t not in ("", ERASED, UNAVAILABLE)), "") for each in told]
