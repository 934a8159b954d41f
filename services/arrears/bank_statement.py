"""A bank statement: its identity is account, date and number; it is taken over whole or not."""

import datetime
from uuid import UUID

from services.arrears.bank_movements import Statement
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id


class BankStatement(Aggregate):
    """See the module. Begun with the first movement posted, imported with the last."""

    TOPIC = "arrears.bank-statement"
    fingerprint: str
    format: str
    amounts: str
    imported: bool
    outgoing: set[UUID]

    @staticmethod
    def id_of(company: str, account: str, day: datetime.date, number: str) -> UUID:
        return natural_id(company, "bank-statement", f"{account}/{day.isoformat()}/{number}")

    class Begun(Opening):
        """Private: from here on, other movements under this identity are a conflict.

        The first ones recorded were all CODA's, and do not have their amounts.
        """

        TOPIC = "arrears.bank-statement-begun"
        fingerprint: str
        format: str = "coda"
        amounts: str = ""

        def apply(self, statement: "BankStatement") -> None:
            statement.fingerprint, statement.imported = self.fingerprint, False
            statement.format, statement.amounts = self.format, self.amounts
            statement.outgoing = set()

    @classmethod
    def begin(cls, statement_id: UUID, statement: Statement) -> "BankStatement":
        begun: BankStatement = cls.open(
            cls.Begun,
            statement_id,
            fingerprint=statement.fingerprint,
            format=statement.format,
            amounts=statement.amounts,
            occurred_on=statement.date,
        )
        return begun

    def is_same(self, statement: Statement) -> bool:
        """Whether the movements are those that are known, as far as the two formats tell alike."""
        if statement.format != self.format:
            return statement.amounts == self.amounts
        return statement.fingerprint == self.fingerprint

    def may_go_on(self, statement: Statement) -> bool:
        """Whether a file of this format may complete it: formats number movements each its way."""
        return self.imported or statement.format == self.format

    class OutgoingKept(Event):
        """Private: money that left the company's account; it touches no rent account by itself.
        What the bank says of who got it is sealed under the movement's own key.
        """

        TOPIC = "arrears.outgoing-movement-kept"
        movement_id: UUID
        amount_cents: int
        value_date: datetime.date
        payee: str | None = None
        communication: str | None = None
        payee_account: str | None = None

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
