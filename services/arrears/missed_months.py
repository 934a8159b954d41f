"""What was not paid in time: each month or period stated once, and looked at again when that
changes.
"""

from datetime import date
from uuid import UUID

from services.arrears.account_ledger import AccountLedger, Missed
from services.arrears.allocation import Charge
from services.arrears.rent_period import key_of
from services.chassis.aggregate import Event


class MissedMonths(AccountLedger):
    """See the module."""

    class PaymentMissed(Event):
        TOPIC = "arrears.payment-missed"
        household_id: UUID
        charge_id: UUID
        month: str
        due_on: date
        unpaid_cents: int
        judged_on: date
        period_start: date | None = None

        def apply(self, account: "MissedMonths") -> None:
            account.in_arrears = True
            account.missed[key_of(self.month, self.period_start)] = Missed(
                self.charge_id,
                self.month,
                self.period_start,
                self.due_on,
                self.judged_on,
                self.unpaid_cents,
                self.originator_version,
            )

    def judge(self, due_on: date, judged_on: date) -> int:
        """State each charge due on `due_on` not fully paid by `judged_on`, once; how many.

        Records: PaymentMissed, and ArrearsCleared where money that is known already paid it since.
        Source:  BR-01, BR-02; the newest charge is paid last.
        """
        stated = 0
        for charge in list(self.charges.values()):
            if charge.due_on != due_on or charge.key in self.missed:
                continue
            unpaid = self._unpaid(charge, judged_on)
            if unpaid > 0:
                stated += 1
                self._trigger(
                    self.PaymentMissed,
                    charge_id=charge.charge_id,
                    month=charge.month,
                    due_on=due_on,
                    unpaid_cents=unpaid,
                    judged_on=judged_on,
                    period_start=charge.period_start,
                    occurred_on=judged_on,
                )
        if stated:
            self._clear_as_paid_since()
        return stated

    def _clear_as_paid_since(self) -> None:
        """Bank files come days late, and money that they hold is recorded before it is judged."""
        judged = [missed.judged_on for missed in self.missed.values()]
        went_back = [day for day, cents in self.money.values() if cents < 0]
        since = max(judged + went_back)
        for day in sorted({day for day, _ in self.money.values() if day > since}):
            self._clear_if_paid(day)

    def _unpaid(self, charge: Charge, judged_on: date) -> int:
        return min(charge.cents, self.arrears_on(charge.due_on, judged_on))

    class MissCorrected(Event):
        TOPIC = "arrears.payment-missed-corrected"
        corrects_version: int
        household_id: UUID
        charge_id: UUID
        month: str
        due_on: date
        unpaid_cents: int
        judged_on: date
        period_start: date | None = None

        def apply(self, account: "MissedMonths") -> None:
            account.missed[key_of(self.month, self.period_start)].unpaid_cents = self.unpaid_cents

    class MissWithdrawn(Event):
        TOPIC = "arrears.payment-missed-withdrawn"
        corrects_version: int
        household_id: UUID
        charge_id: UUID
        month: str
        due_on: date
        unpaid_cents: int
        judged_on: date
        period_start: date | None = None

        def apply(self, account: "MissedMonths") -> None:
            del account.missed[key_of(self.month, self.period_start)]
            account.in_arrears = account.in_arrears and bool(account.missed)

    def _review_missed(self, since: date) -> None:
        """What has since been cancelled, corrected or found to have come in time."""
        judged = [missed for missed in self.missed.values() if missed.judged_on >= since]
        for missed in judged:
            charge = self.charges.get(missed.charge_id)
            unpaid = self._unpaid(charge, missed.judged_on) if charge else 0
            if unpaid != missed.unpaid_cents:
                self._trigger(
                    self.MissCorrected if unpaid else self.MissWithdrawn,
                    corrects_version=missed.version,
                    charge_id=missed.charge_id,
                    month=missed.month,
                    due_on=missed.due_on,
                    unpaid_cents=unpaid or missed.unpaid_cents,
                    judged_on=missed.judged_on,
                    period_start=missed.period_start,
                    occurred_on=missed.judged_on,
                )

    class ArrearsCleared(Event):
        TOPIC = "arrears.arrears-cleared"
        household_id: UUID
        cleared_on: date

        def apply(self, account: "MissedMonths") -> None:
            account.in_arrears = False

    def _clear_if_paid(self, on: date) -> None:
        if self.in_arrears and self.arrears_on(on) == 0:
            self._trigger(self.ArrearsCleared, cleared_on=on, occurred_on=on)
