"""From which bank accounts a lease was paid: sealed under its tenant's key, and erased with it.

They are compared in memory with money that waits. An account from which several households were
paid, a welfare centre's say, tells nothing of whose its next payment is.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from services.arrears.bank_data import plain
from services.arrears.rent_account import RentAccount
from services.arrears.unmatched_payment import UnmatchedPayment
from services.chassis.act import Act
from services.chassis.keyring import ERASED, UNAVAILABLE, PersonErased, person_of
from services.chassis.refusal import NameUnavailable

if TYPE_CHECKING:
    from services.arrears.service import Arrears

FIELD = "payer-account"
UNTOLD = ("", ERASED, UNAVAILABLE)
SELECT_ACCOUNTS = """
SELECT a.household_id, p.sealed FROM payer_account p JOIN account a USING (lease_id)
"""


class PayerAccounts:
    """What one act learns of the accounts that some leases were paid from."""

    def __init__(self, act: Act, accounts: Iterable[RentAccount]) -> None:
        self.keyring, self.company = act.service.keyring, act.service.company
        persons = {account.id: _person_of(account) for account in accounts}
        self.persons = {lease_id: person for lease_id, person in persons.items() if person}
        known = [(a.id, sealed) for a in accounts for sealed in a.payer_accounts.values()]
        try:
            self.keyring.unwrap(self.company, self.persons.values())
        except NameUnavailable:
            self.persons = {}
        texts = self.keyring.show_all(self.company, [sealed for _, sealed in known], FIELD)
        self.known = {(lease_id, text) for (lease_id, _), text in zip(known, texts, strict=True)}

    def learn(self, account: RentAccount, payment_id: UUID, number: str) -> None:
        """A payment on the lease came from a bank account.   Records: PayerAccountKnown, once.

        Money is not refused because of it: of a person who was erased, or while the keys are away,
        nothing is learnt.
        """
        number, person = plain(number), self.persons.get(account.id)
        payment = account.payments.get(payment_id)
        if not number or person is None or payment is None or (account.id, number) in self.known:
            return
        with suppress(PersonErased, NameUnavailable):
            sealed = self.keyring.seal(self.company, person, FIELD, number)
            account.know_payer_account(payment_id, sealed, payment.value_date)
            self.known.add((account.id, number))

    def learn_from(self, account: RentAccount, payment: UnmatchedPayment) -> None:
        """As `learn`, of money that had waited."""
        (number,) = self.keyring.show_all(self.company, [payment.payer_account], FIELD)
        if number not in UNTOLD:
            self.learn(account, payment.id, number)


def _person_of(account: RentAccount) -> UUID | None:
    """Whose key seals them: the first tenant's whose name is known."""
    holders = account.terms.leaseholders if account.terms else []
    return next((person_of(holder["name"]) for holder in holders if holder.get("name")), None)


def household_paid_from(arrears: "Arrears", sealed: str | None) -> UUID | None:
    """The one household for which the account that a payment came from has paid; None where there
    is none, or more than one.
    """
    show_all, company = arrears.keyring.show_all, arrears.company
    (number,) = show_all(company, [sealed], FIELD)
    if number in UNTOLD:
        return None
    with arrears.datastore.reading() as rows:
        found = rows.execute(SELECT_ACCOUNTS).fetchall()
    numbers = show_all(company, [row["sealed"] for row in found], FIELD)
    paid = {r["household_id"] for r, told in zip(found, numbers, strict=True) if told == number}
    return paid.pop() if len(paid) == 1 else None
