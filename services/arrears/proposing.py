"""Whose money without a valid reference may be: proposed with its reasons, confirmed by a person.

Names and accounts are unsealed for whoever may read them, compared in memory, and kept nowhere.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears import shown
from services.arrears.accounts_in_arrears import search_accounts
from services.arrears.payer_accounts import household_paid_from
from services.chassis.names import plain_name

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
PROPOSED_MAX, ALIKE_MAX = 5, 3
"""Of accounts alike by their amount alone no more than three say anything."""
BY_NUMBER = "son numéro est écrit dans la communication"
BY_NAME = "le locataire porte le nom du payeur"
BY_ACCOUNT = "ce compte bancaire a déjà payé pour ce ménage"
BY_AMOUNT = "il doit un mois de ce montant"
BY_PERIOD = "il doit une période de loyer de ce montant"
SELECT_OWING = """
SELECT c.lease_id FROM account a JOIN LATERAL (
    SELECT lease_id, cents FROM account_line l
    WHERE l.lease_id = a.lease_id AND l.kind = 'charge' AND l.on_day <= %(day)s
    ORDER BY l.on_day DESC LIMIT 1
) c ON c.cents = %(cents)s
WHERE NOT a.closed AND (
    SELECT sum(cents) FROM account_line l WHERE l.lease_id = a.lease_id AND l.on_day <= %(day)s
) >= %(cents)s
"""


def proposals(arrears: "Arrears", payment: Row) -> list[Row]:
    """Accounts that a payment may be for, the likeliest first.

    `payment`: with payer and communication unsealed, the account that it came from sealed.
    Shape: at most 5 accounts with names and `because`, why each is proposed.
    """
    with arrears.datastore.reading() as rows:
        found = [row for row in search_accounts(rows, "", None) if not row["closed"]]
        asked = {"cents": payment["amount_cents"], "day": payment["value_date"]}
        owing = {row["lease_id"] for row in rows.execute(SELECT_OWING, asked).fetchall()}
    paid_for = household_paid_from(arrears, payment["payer_account"])
    said = _words(f"{payment['payer'] or ''} {payment['communication'] or ''}")
    written = re.split(r"[\s,;:/]+", (payment["communication"] or "").casefold())
    proposed = []
    for row in shown.with_names(arrears, found):
        reasons = _reasons(row, said, written, owing, paid_for)
        by_amount_alone = reasons in ([BY_AMOUNT], [BY_PERIOD])
        if reasons and (not by_amount_alone or len(owing) <= ALIKE_MAX):
            proposed.append(row | {"because": reasons})
    proposed.sort(key=lambda row: (-len(row["because"]), row["ended_on"] is not None))
    return proposed[:PROPOSED_MAX]


def _reasons(
    row: Row, said: set[str], written: Iterable[str], owing: set[UUID], paid_for: UUID | None
) -> list[str]:
    reasons = []
    if row["reference"] and row["reference"].casefold() in written:
        reasons.append(BY_NUMBER)
    if any(len(words := _words(name)) > 1 and words <= said for name in row["names"]):
        reasons.append(BY_NAME)
    if paid_for is not None and row["household_id"] == paid_for:
        reasons.append(BY_ACCOUNT)
    if row["lease_id"] in owing:
        reasons.append(BY_PERIOD if row["rent_period"] else BY_AMOUNT)
    return reasons


def _words(text: str) -> set[str]:
    """The words of a name in any order, without accents, capitals or a hyphen."""
    return {word for word in re.split(r"\W+", plain_name(text)) if len(word) > 1}
