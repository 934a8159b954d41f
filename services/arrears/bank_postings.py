"""Posting the movements of one bank statement: to an account, to money that waits, or aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.arrears import MatchedBy, UnmatchedReason
from services.arrears.accounts_in_arrears import select_account_refs
from services.arrears.bank_data import plain
from services.arrears.bank_movements import Movement, Statement
from services.arrears.bank_statement import BankStatement
from services.arrears.payer_accounts import FIELD as PAYER_ACCOUNT_FIELD
from services.arrears.payer_accounts import PayerAccounts
from services.arrears.payment_orders import PaymentOrders
from services.arrears.rent_account import RentAccount
from services.arrears.unmatched_payment import UnmatchedPayment
from services.chassis.act import Act
from services.chassis.aggregate import natural_id

if TYPE_CHECKING:
    from services.arrears.service import Arrears

PAYER_FIELD = "payer"
COMMUNICATION_FIELD = "communication"


@dataclass
class Tally:
    """What posting came to. `recorded`: movements of the acts that are done."""

    recorded: int = 0
    accepted: int = 0
    facts: int = 0
    unmatched: int = 0


def statement_id(arrears: "Arrears", statement: Statement) -> UUID:
    return BankStatement.id_of(
        arrears.company.slug, plain(statement.account), statement.date, statement.number
    )


class Posting:
    """Posts movements of one statement within one act."""

    def __init__(self, arrears: "Arrears", act: Act, statement: Statement) -> None:
        self.arrears, self.act = arrears, act
        self.day: date = statement.date
        identity = statement_id(arrears, statement)
        self.statement: BankStatement = act.find(BankStatement, identity) or BankStatement.begin(
            identity, statement
        )

    def post(self, movements: Sequence[Movement], tally: Tally) -> BankStatement:
        act = self.act
        act.save(self.statement)
        leases = select_account_refs(
            act, [m.structured for m in movements if m.structured and m.structured_valid]
        )
        accounts = act.find_all(RentAccount, leases.values())
        orders, payers = PaymentOrders(act, accounts), PayerAccounts(act, accounts.values())
        unmatched: list[tuple[UUID, Movement]] = []
        outgoing: list[tuple[UUID, Movement]] = []
        for movement in movements:
            payment_id = natural_id(
                self.arrears.company.slug, "payment", f"{self.statement.id}/{movement.key}"
            )
            lease_id = leases.get(movement.structured or "")
            if lease_id is None:
                waits = outgoing if movement.amount_cents < 0 else unmatched
                waits.append((payment_id, movement))
                continue
            account = accounts[lease_id]
            if movement.amount_cents < 0:
                account.reverse_payment(payment_id, -movement.amount_cents, movement.value_date)
            else:
                account.receive_payment(
                    payment_id,
                    movement.amount_cents,
                    movement.value_date,
                    MatchedBy.STRUCTURED_COMMUNICATION,
                    ordering=orders.of(account.id, movement.value_date),
                )
                payers.learn(account, payment_id, movement.counterparty_account)
            act.save(account)
        tally.unmatched += len(unmatched)
        self._keep(unmatched)
        self._keep_outgoing(outgoing)
        act.save(self.statement)
        return self.statement

    def _keep_outgoing(self, outgoing: list[tuple[UUID, Movement]]) -> None:
        new = [(identity, m) for identity, m in outgoing if identity not in self.statement.outgoing]
        self._make_keys(new)
        for movement_id, movement in new:
            self.statement.trigger_event(
                BankStatement.OutgoingKept,
                movement_id=movement_id,
                amount_cents=-movement.amount_cents,
                value_date=movement.value_date,
                payee=self._seal(movement_id, PAYER_FIELD, movement.counterparty_name),
                communication=self._seal(
                    movement_id, COMMUNICATION_FIELD, _communication(movement)
                ),
                payee_account=self._seal(
                    movement_id, PAYER_ACCOUNT_FIELD, plain(movement.counterparty_account)
                ),
                occurred_on=movement.value_date,
            )

    def _make_keys(self, new: list[tuple[UUID, Movement]]) -> None:
        said = [identity for identity, movement in new if _said(movement)]
        self.arrears.keyring.make_keys(self.arrears.company, said)
        self.arrears.keyring.unwrap(self.arrears.company, said)

    def _keep(self, unmatched: list[tuple[UUID, Movement]]) -> None:
        known = self.act.find_all(UnmatchedPayment, [payment_id for payment_id, _ in unmatched])
        new = [(payment_id, m) for payment_id, m in unmatched if payment_id not in known]
        self._make_keys(new)
        for payment_id, movement in new:
            payment = UnmatchedPayment.keep(
                payment_id,
                movement.amount_cents,
                movement.value_date,
                _reason(movement),
                movement.structured if movement.structured_valid else None,
            )
            if _said(movement):
                payment.trigger_event(
                    UnmatchedPayment.PayerKnown,
                    payer=self._seal(payment_id, PAYER_FIELD, movement.counterparty_name),
                    communication=self._seal(
                        payment_id, COMMUNICATION_FIELD, _communication(movement)
                    ),
                    payer_account=self._seal(
                        payment_id, PAYER_ACCOUNT_FIELD, plain(movement.counterparty_account)
                    ),
                    occurred_on=movement.value_date,
                )
            self.act.save(payment)

    def _seal(self, payment_id: UUID, field_name: str, text: str) -> str | None:
        if not text.strip():
            return None
        return self.arrears.keyring.seal(self.arrears.company, payment_id, field_name, text)


def _said(movement: Movement) -> bool:
    told = (movement.counterparty_name, movement.counterparty_account, _communication(movement))
    return any(text.strip() for text in told)


def _communication(movement: Movement) -> str:
    """What was written; of a structured communication that is not one, its digits as they came."""
    wrong = movement.structured if not movement.structured_valid else None
    return movement.communication or wrong or ""


def _reason(movement: Movement) -> UnmatchedReason:
    if movement.structured is None:
        return UnmatchedReason.NO_REFERENCE
    if not movement.structured_valid:
        return UnmatchedReason.WRONG_CHECK_DIGITS
    return UnmatchedReason.UNKNOWN_REFERENCE
