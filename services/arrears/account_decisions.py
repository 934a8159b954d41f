"""What people decide about the money of a rent account: a debt written off, a credit given back.

A write-off lowers what is owed and is no payment (BR-02); a credit leaves the account that it is
on, for the household's own bank account or for another lease of the same household. Each is
withdrawn whole when it was noted by mistake.
"""

from datetime import date
from uuid import UUID

from contracts.account_decisions import CreditReturnReason, DecidedBy, WriteOffReason
from services.arrears.account_money import AccountMoney
from services.chassis.aggregate import Event
from services.chassis.amounts import format_cents, format_day
from services.chassis.refusal import NotFound, Refusal


class MoreThanIsOwed(Refusal):
    slug = "more-than-is-owed"
    title = "Plus que ce qui est dû"
    field = "amount"


class MoreThanTheCredit(Refusal):
    slug = "more-than-the-credit"
    title = "Plus que l'avance"
    field = "amount"


class CreditOfAnotherHousehold(Refusal):
    slug = "credit-of-another-household"
    title = "Avance d'un autre ménage"


class DecisionNotOnAccount(NotFound):
    slug = "decision-not-on-account"
    title = "Décision absente du compte"


class AccountDecisions(AccountMoney):
    """See the module. `returned`: the event of each credit given back, by its id."""

    returned: dict[UUID, "AccountDecisions.CreditReturned"]

    class ArrearsWrittenOff(Event):
        TOPIC = "arrears.arrears-written-off"
        write_off_id: UUID
        household_id: UUID
        amount_cents: int
        written_off_on: date
        reason: WriteOffReason
        decided_by: DecidedBy

        def apply(self, account: "AccountDecisions") -> None:
            account.written_off[self.write_off_id] = self

    def write_off(
        self,
        write_off_id: UUID,
        cents: int,
        on: date,
        reason: WriteOffReason,
        decided_by: DecidedBy,
        *,
        today: date,
    ) -> None:
        """A part of what was owed on a day, and still is, is no longer asked for.

        Units: integer cents > 0.   Records: ArrearsWrittenOff, corrected allocations,
        ArrearsCleared.   Refuses: MoreThanIsOwed (409).   Source: BR-02.
        """
        owed = min(self.arrears_on(on), self.arrears_on(today))
        if not 0 < cents <= owed:
            raise MoreThanIsOwed(
                f"Au {format_day(on)}, {format_cents(owed)} restent à payer : "
                "n'abandonnez pas plus.",
                owed_cents=owed,
            )
        self._trigger(
            self.ArrearsWrittenOff,
            write_off_id=write_off_id,
            amount_cents=cents,
            written_off_on=on,
            reason=reason,
            decided_by=decided_by,
            occurred_on=on,
        )
        self._settle()
        self._clear_if_paid(on)

    class WriteOffWithdrawn(ArrearsWrittenOff):
        TOPIC = "arrears.write-off-withdrawn"
        corrects_version: int

        def apply(self, account: "AccountDecisions") -> None:
            del account.written_off[self.write_off_id]
            account.owe_again(self.written_off_on)

    class CreditReturned(Event):
        TOPIC = "arrears.credit-returned"
        credit_return_id: UUID
        household_id: UUID
        amount_cents: int
        returned_on: date
        reason: CreditReturnReason
        to_lease_id: UUID | None

        def apply(self, account: "AccountDecisions") -> None:
            account.returned[self.credit_return_id] = self
            account.money[self.credit_return_id] = (self.returned_on, -self.amount_cents)
            account.lower(self.amount_cents)

    def return_credit(
        self,
        credit_return_id: UUID,
        cents: int,
        on: date,
        reason: CreditReturnReason,
        to_lease_id: UUID | None,
        *,
        today: date,
    ) -> None:
        """What was paid too much by a day, and still is too much, leaves the account.

        Units: integer cents > 0.   Records: CreditReturned, corrected allocations.
        Refuses: MoreThanTheCredit (409).   Source: BR-02; a debt is never made by giving back.
        """
        credit = min(self.credit_on(on), self.credit_on(today))
        if not 0 < cents <= credit:
            raise MoreThanTheCredit(
                f"Au {format_day(on)}, l'avance est de {format_cents(credit)} : "
                "n'en rendez pas plus.",
                credit_cents=credit,
            )
        self._trigger(
            self.CreditReturned,
            credit_return_id=credit_return_id,
            amount_cents=cents,
            returned_on=on,
            reason=reason,
            to_lease_id=to_lease_id,
            occurred_on=on,
        )
        self._settle()

    class CreditReturnWithdrawn(CreditReturned):
        TOPIC = "arrears.credit-return-withdrawn"
        corrects_version: int

        def apply(self, account: "AccountDecisions") -> None:
            del account.returned[self.credit_return_id]
            del account.money[self.credit_return_id]
            account.restore(self.amount_cents)

    def withdraw_decision(self, decision_id: UUID) -> UUID | None:
        """A write-off or a credit given back was noted by mistake; the lease it had gone to.

        Records: WriteOffWithdrawn or CreditReturnWithdrawn, corrected allocations.
        Refuses: DecisionNotOnAccount (404).
        """
        noted: Event | None = self.written_off.get(decision_id)
        withdrawn: type[Event] = self.WriteOffWithdrawn
        if noted is None:
            noted, withdrawn = self.returned.get(decision_id), self.CreditReturnWithdrawn
        if noted is None:
            raise DecisionNotOnAccount("Cette décision n'est pas, ou plus, sur ce compte.")
        self._take_back(withdrawn, noted)
        self._settle()
        return getattr(noted, "to_lease_id", None)
