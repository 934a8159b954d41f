"""Arrears: accounts charged, money taken over and matched, missed months stated."""

from datetime import date
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from contracts.arrears import MatchedBy, UnmatchedReason
from services.arrears import accounts_in_arrears, bank_data, other_accounts, outgoing_movements
from services.arrears.bank_data import BankData, completeness
from services.arrears.casework import case_rows
from services.arrears.casework.nightly import go_round
from services.arrears.due_days import DueDays
from services.arrears.letters import letter_rows
from services.arrears.letters.mail_round import send_by_itself
from services.arrears.policy import policy_on
from services.arrears.publishing import PUBLICATIONS
from services.arrears.reactions import REACTIONS, assign, release
from services.arrears.rent_account import RentAccount
from services.arrears.unmatched_payment import UnmatchedPayment
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt, as_of
from services.chassis.clock import Clock
from services.chassis.day_book import close_days
from services.chassis.facts import read_head
from services.chassis.refusal import NotFound
from services.chassis.service import Service

JUDGED_A_TIME = 250

SELECT_LATE = """
SELECT DISTINCT c.lease_id FROM account_line c WHERE c.kind = 'charge' AND c.on_day = %(due_on)s
AND c.lease_id > %(beyond)s
AND NOT EXISTS (SELECT 1 FROM missed_month m WHERE m.lease_id = c.lease_id AND m.month = c.month
    AND m.period_start IS NOT DISTINCT FROM c.period_start)
AND (SELECT sum(l.cents) FROM account_line l WHERE l.lease_id = c.lease_id AND (
    (l.kind = 'charge' AND l.on_day <= %(due_on)s)
    OR (l.kind <> 'charge' AND l.on_day <= %(judged_on)s))) > 0
ORDER BY c.lease_id LIMIT %(limit)s
"""
SELECT_DUE = """
SELECT min(on_day) AS day FROM account_line WHERE kind = 'charge'
AND on_day > coalesce((SELECT max(due_on) FROM judged_due_day), '0001-01-01')
"""


class PaymentNotOnAccount(NotFound):
    slug = "payment-not-on-account"
    title = "Paiement absent du compte"


class Arrears(Service):
    name = "arrears"
    publications = PUBLICATIONS
    reactions = REACTIONS
    folds = (
        accounts_in_arrears.fold,
        other_accounts.fold,
        bank_data.fold,
        outgoing_movements.fold,
        case_rows.fold,
        letter_rows.fold,
    )

    @property
    def today(self) -> date:
        """By the company's own clock, as its log has it now."""
        return Clock.of(read_head(self.datastore)).today

    def charge(
        self,
        act: Act,
        account: RentAccount,
        key: str,
        due_on: date,
        rent_cents: int,
        charges_cents: int,
    ) -> None:
        """Charge a month or a period; one whose due day was judged before it came is judged now."""
        account.charge_rent(self.company.slug, key, due_on, rent_cents, charges_cents)
        days = act.find(DueDays, DueDays.id_of(self.company.slug))
        if days is not None and due_on <= days.last_judged:
            account.judge(due_on, policy_on(due_on).judged_on(due_on))
        act.save(account)

    def assign_payment(self, caller: Caller, payment_id: UUID, lease_id: UUID) -> Receipt:
        """A person says whose money it is.   Records: Matched, PaymentReceived and what follows.

        Refuses: PaymentAlreadyAssigned (409), NotFound (404), StaleEdit (412) by the payment's
        version.
        """

        def decide(act: Act) -> UUID:
            account = act.load(RentAccount, lease_id)
            act.load(UnmatchedPayment, payment_id).refuse_if_stale(caller.expected_version)
            assign(act, account, payment_id, MatchedBy.OFFICER)
            return payment_id

        return self.perform(caller, decide)

    def correct_charge(
        self, caller: Caller, lease_id: UUID, key: str, rent_cents: int, charges_cents: int
    ) -> Receipt:
        """Charge it anew.   Records: ChargeCorrected.   Refuses: MonthNotCharged (404)."""

        def decide(act: Act) -> UUID:
            account = act.load(RentAccount, lease_id)
            account.refuse_if_stale(caller.expected_version)
            account.correct_charge(key, rent_cents, charges_cents)
            return act.save(account)

        return self.perform(caller, decide)

    def cancel_charge(self, caller: Caller, lease_id: UUID, key: str) -> Receipt:
        """It was never due.   Records: ChargeCancelled.   Refuses: MonthNotCharged (404)."""

        def decide(act: Act) -> UUID:
            account = act.load(RentAccount, lease_id)
            account.refuse_if_stale(caller.expected_version)
            account.cancel_charge(key)
            return act.save(account)

        return self.perform(caller, decide)

    def release_payment(self, caller: Caller, lease_id: UUID, payment_id: UUID) -> Receipt:
        """The money was not for this lease: it waits for a person again.

        Records: PaymentWithdrawn and corrected allocations, Unmatched or MatchWithdrawn.
        Refuses: NotFound, PaymentNotOnAccount (404), PaymentWasReturned (409) for money that left
        the account since, StaleEdit (412) by the account's version.
        """

        def decide(act: Act) -> UUID:
            account = act.load(RentAccount, lease_id)
            account.refuse_if_stale(caller.expected_version)
            if payment_id not in account.payments:
                raise PaymentNotOnAccount("Ce paiement n'est pas, ou plus, sur ce compte.")
            account.refuse_if_gone(payment_id)
            release(act, account, payment_id, UnmatchedReason.ASSIGNED_WRONGLY, act.today)
            return act.save(account)

        return self.perform(caller, decide)

    def bank_data(self) -> BankData:
        """Until when bank statements are complete, and what is missing."""
        with self.datastore.reading() as rows:
            return self._bank_data(rows)

    def _bank_data(self, rows: Cursor[DictRow]) -> BankData:
        standing = rows.execute(bank_data.SELECT_STANDING, prepare=True).fetchall()
        return completeness(standing, self.company.bank_accounts)

    def judge_due_days(self) -> date | None:
        """State each due day that passed unpaid, once bank data is complete up to it plus grace.

        After downtime each missed day is stated with its own `occurred_on`. Gives the day until
        which bank data is complete.
        """
        while True:
            told, due_on = self._due()
            until = told.complete_until
            if until is None or due_on is None or policy_on(due_on).judged_on(due_on) > until:
                return until
            self._judge(due_on)

    def _due(self) -> tuple[BankData, date | None]:
        """What the bank has told, and the first due day that is not judged."""
        with self.datastore.reading() as rows:
            (due,) = rows.execute(SELECT_DUE, prepare=True).fetchall()
            return self._bank_data(rows), due["day"]

    def _judge(self, due_on: date) -> None:
        judged_on = policy_on(due_on).judged_on(due_on)
        caller = as_of(due_on, Caller(actor="timer:arrears"))

        def decide(act: Act) -> None:
            asked = {"due_on": due_on, "judged_on": judged_on, "limit": JUDGED_A_TIME}
            late = act.rows(SELECT_LATE, asked | {"beyond": found[-1] if found else UUID(int=0)})
            found[:] = [row["lease_id"] for row in late]
            accounts = act.find_all(RentAccount, found)
            for account in accounts.values():
                account.judge(due_on, judged_on)
                act.save(account)
            if len(late) < JUDGED_A_TIME:
                days_id = DueDays.id_of(self.company.slug)
                days = act.find(DueDays, days_id) or DueDays.open(
                    DueDays.Opened, days_id, occurred_on=due_on
                )
                days.judged(due_on, judged_on, _missed_on(act, due_on))
                act.save(days)

        found: list[UUID] = []
        self.perform(caller, decide)
        while len(found) == JUDGED_A_TIME:
            self.perform(caller, decide)

    def tick(self) -> None:
        until = self.judge_due_days()
        go_round(self, lambda act: close_days(act, until))
        send_by_itself(self)


def _missed_on(act: Act, due_on: date) -> int:
    """How many months due on a day were stated as missed, in this act and those before it."""
    (found,) = act.rows("SELECT count(*) AS n FROM missed_month WHERE due_on = %s", (due_on,))
    return int(found["n"])
