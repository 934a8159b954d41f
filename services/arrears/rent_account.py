"""The rent account of one lease: what was charged, what was paid, what was missed."""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.words import RentPeriod
from services.arrears.account_decisions import AccountDecisions
from services.arrears.missed_months import MissedMonths
from services.arrears.payments_taken_back import PaymentsTakenBack
from services.arrears.rent_charges import RentCharges
from services.chassis.aggregate import Event, Opening


class RentAccount(PaymentsTakenBack, RentCharges, AccountDecisions, MissedMonths):
    """See the module. Its id is the lease's; its household is the lease's household.

    `heard`: ids of intake's facts that were reacted to: one met again changes nothing.
    `lines_made`: of which version the ladder's lines were made, and the lines; see `looking`.
    """

    TOPIC = "arrears.rent-account"
    terms: "RentAccount.LeaseKnown | None"
    ended_on: date | None
    heard: set[str]
    lines_made: tuple[int, tuple[Any, ...]] = (0, ())

    class Opened(Opening):
        TOPIC = "arrears.rent-account-opened"
        household_id: UUID
        opened_on: date

        def apply(self, account: "RentAccount") -> None:
            account.household_id = self.household_id
            account.terms, account.ended_on = None, None
            account.closed = account.in_arrears = False
            account.charges, account.payments, account.received = {}, {}, {}
            account.reversals, account.allocated, account.missed = {}, {}, {}
            account.allocated_cents = 0
            account.money, account.orderings, account.heard = {}, {}, set()
            account.written_off, account.returned = {}, {}
            account.other_charges, account.parts, account.payer_accounts = {}, {}, {}

    @classmethod
    def open_account(cls, lease_id: UUID, household_id: UUID, on: date) -> "RentAccount":
        opened: RentAccount = cls.open(
            cls.Opened, lease_id, household_id=household_id, opened_on=on, occurred_on=on
        )
        return opened

    class LeaseKnown(Event):
        """Private: what intake's fact says of the lease."""

        TOPIC = "arrears.lease-known"
        reference: str
        dwelling_reference: str
        start_on: date
        rent_cents: int
        charges_cents: int
        payment_reference: str
        leaseholders: list[dict[str, Any]]
        because: str
        rent_period: RentPeriod | None = None

        def apply(self, account: "RentAccount") -> None:
            account.terms = self
            account.heard.add(self.because)

    class LeaseEndKnown(Event):
        """Private: the lease's last day, or None when its end was withdrawn."""

        TOPIC = "arrears.lease-end-known"
        ended_on: date | None
        because: str = ""

        def apply(self, account: "RentAccount") -> None:
            account.ended_on = self.ended_on
            account.heard.add(self.because)

    class Closed(Event):
        TOPIC = "arrears.rent-account-closed"
        household_id: UUID
        closed_on: date

        def apply(self, account: "RentAccount") -> None:
            account.closed = True

    def close(self, on: date) -> None:
        """The lease never was.   Records: ChargeCancelled of all charges, OtherChargeCancelled,
        Closed.
        """
        if not self.closed:
            for key in sorted(charge.key for charge in self.charges.values()):
                self.cancel_charge(key)
            for other_charge_id in list(self.other_charges):
                self.cancel_other_charge(other_charge_id)
            self._trigger(self.Closed, closed_on=on, occurred_on=on)

    def rent_period(self) -> RentPeriod | None:
        return self.terms.rent_period if self.terms else None

    def started_on(self) -> date:
        assert self.terms is not None
        return self.terms.start_on
