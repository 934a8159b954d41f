"""A line of the rent roll that names a lease we do not know yet: it waits under its reference."""

from datetime import date
from uuid import UUID

from services.chassis.aggregate import Aggregate, Event, Opening, natural_id


class WaitingCharge(Aggregate):
    """See the module. Private: its lease's charge is the fact."""

    TOPIC = "arrears.waiting-charge"
    month: str
    due_on: date
    rent_cents: int
    charges_cents: int
    joined: bool

    @staticmethod
    def id_of(company: str, reference: str, month: str) -> UUID:
        return natural_id(company, "waiting-charge", f"{reference}/{month}")

    class Kept(Opening):
        TOPIC = "arrears.waiting-charge-kept"
        reference: str
        month: str
        due_on: date
        rent_cents: int
        charges_cents: int

        def apply(self, charge: "WaitingCharge") -> None:
            charge.month, charge.due_on = self.month, self.due_on
            charge.rent_cents, charge.charges_cents = self.rent_cents, self.charges_cents
            charge.joined = False

    class Joined(Event):
        TOPIC = "arrears.waiting-charge-joined"

        def apply(self, charge: "WaitingCharge") -> None:
            charge.joined = True

    def join(self, on: date) -> None:
        if not self.joined:
            self.trigger_event(self.Joined, occurred_on=on)
