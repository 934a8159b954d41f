"""A bank statement: its identity is account, date and number; it is taken over whole or not."""

import datetime
from uuid import UUID

from services.chassis.aggregate import Aggregate, Event, Opening, natural_id


class BankStatement(Aggregate):
    """See the module. Begun with the first movement posted, imported with the last."""

    TOPIC = "arrears.bank-statement"
    fingerprint: str
    imported: bool
    outgoing: set[UUID]

    @staticmethod
    def id_of(company: str, account: str, day: datetime.date, number: str) -> UUID:
        return natural_id(company, "bank-statement", f"{account}/{day.isoformat()}/{number}")

    class Begun(Opening):
        """Private: from here on, other movements under this identity are a conflict."""

        TOPIC = "arrears.bank-statement-begun"
        fingerprint: str

        def apply(self, statement: "BankStatement") -> None:
            statement.fingerprint, statement.imported = self.fingerprint, False
            statement.outgoing = set()

    @classmethod
    def begin(cls, statement_id: UUID, fingerprint: str, on: datetime.date) -> "BankStatement":
        begun: BankStatement = cls.open(
            cls.Begun, statement_id, fingerprint=fingerprint, occurred_on=on
        )
        return begun

    class OutgoingKept(Event):
        """Private: money that left the company's account; it touches no rent account."""

        TOPIC = "arrears.outgoing-movement-kept"
        movement_id: UUID
        amount_cents: int
        value_date: datetime.date

        def apply(self, statement: "BankStatement") -> None:
            statement.outgoing.add(self.movement_id)

    class Imported(Event):
        TOPIC = "arrears.bank-statement-imported"
        account: str
        number: str
        date: datetime.date
        opening_cents: int
        closing_cents: int
        movements: int
        fingerprint: str

        def apply(self, statement: "BankStatement") -> None:
            statement.imported = True
