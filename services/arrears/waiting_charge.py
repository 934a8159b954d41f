"""A line of the rent roll that names a lease we do not know yet: it waits under its reference."""

from datetime import date
from uuid import UUID

from services.arrears.rent_period import key_of
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id


class WaitingCharge(Aggregate):
    """See the module. Private: its lease's charge is the fact."""

    TOPIC = "arrears.waiting-charge"
    key: str
    due_on: date
    rent_cents: int
    charges_cents: int
    joined: bool

    @staticmethod
    def id_of(company: str, reference: str, key: str) -> UUID:
        """`key`: the month, or the first day of a period."""
        return natural_id(company, "waiting-charge", f"{reference}/{key}")

    class Kept(Opening):
        TOPIC = "arrears.waiting-charge-kept"
        reference: str
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int
        period_start: date | None = None

        def apply(self, charge: "WaitingCharge") -> None:
            charge.key, charge.due_on = key_of(self.month, self.period_start), self.due_on
            charge.rent_cents, charge.charges_cents = self.rent_cents, self.charges_cents
            charge.joined = False

    class Joined(Event):
        TOPIC = "arrears.waiting-charge-joined"

        def apply(self, charge: "WaitingCharge") -> None:
            charge.joined = True

    def join(self, on: date) -> None:
        if not self.joined:
            self.trigger_event(self.Joined, occurred_on=on)
