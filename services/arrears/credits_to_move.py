"""Money that came for a lease that is over, whose household has another one: proposed for that one.

A household that moved within the company goes on paying with the communication of its old lease.
Nothing moves without a person.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from services.arrears import shown

if TYPE_CHECKING:
    from services.arrears.service import Arrears

SELECT_TO_MOVE = """
SELECT a.*, -l.cents AS credit_cents, l.paid_on, n.lease_id AS to_lease_id,
       n.reference AS to_reference
FROM account a
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents, max(on_day) FILTER (WHERE kind = 'payment') AS paid_on
    FROM account_line WHERE lease_id = a.lease_id AND on_day <= %(day)s
) l ON l.cents < 0
JOIN LATERAL (
    SELECT lease_id, reference FROM account o
    WHERE o.household_id = a.household_id AND o.lease_id <> a.lease_id AND NOT o.closed
        AND (o.ended_on IS NULL OR o.ended_on > %(day)s)
    ORDER BY o.start_on DESC, o.reference LIMIT 1
) n ON true
WHERE NOT a.closed AND a.ended_on <= %(day)s
ORDER BY l.paid_on, a.reference
"""
"""Shape: a row a lease that is over and paid too much, with the newest other of its household."""


def select_credits_to_move(arrears: "Arrears", day: date) -> list[dict[str, Any]]:
    """With `names`, `credit_cents`, `paid_on` (its last payment), `to_lease_id`, `to_reference`."""
    with arrears.datastore.reading() as rows:
        found = rows.execute(SELECT_TO_MOVE, {"day": day}).fetchall()
    return shown.with_names(arrears, found)
