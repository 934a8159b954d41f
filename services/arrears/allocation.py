"""Which payment pays which charge: oldest due first. Pure arithmetic in integer cents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.arrears import MatchedBy


@dataclass(frozen=True, slots=True)
class Charge:
    """One month's rent and charges. `version`: of the event that first charged it."""

    charge_id: UUID
    month: str
    due_on: date
    rent_cents: int
    charges_cents: int
    version: int

    @property
    def cents(self) -> int:
        return self.rent_cents + self.charges_cents


@dataclass(frozen=True, slots=True)
class Payment:
    """Money in, less what the bank took back of it since. `order`: as it came."""

    payment_id: UUID
    cents: int
    value_date: date
    order: int
    matched_by: MatchedBy = MatchedBy.OFFICER


Lines = tuple[tuple[UUID, int], ...]
"""(charge id, cents) of one payment."""


def allocate(charges: Iterable[Charge], payments: Iterable[Payment]) -> dict[UUID, Lines]:
    """Pay the oldest charges with the oldest money; what is left of a payment waits.

    Shape: every payment, in order of value date; its lines sum to at most its amount, and no
    charge gets more than it asks.
    """
    open_charges = iter(sorted(charges, key=lambda c: (c.due_on, c.month)))
    charge = next(open_charges, None)
    unpaid = charge.cents if charge else 0
    allocated: dict[UUID, Lines] = {}
    for payment in sorted(payments, key=lambda p: (p.value_date, p.order)):
        left, lines = payment.cents, []
        while left > 0 and charge is not None:
            part = min(left, unpaid)
            if part > 0:
                lines.append((charge.charge_id, part))
            left -= part
            unpaid -= part
            if unpaid == 0:
                charge = next(open_charges, None)
                unpaid = charge.cents if charge else 0
        allocated[payment.payment_id] = tuple(lines)
    return allocated
