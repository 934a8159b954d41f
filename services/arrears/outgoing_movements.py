"""Money that left the company's bank accounts without a valid reference: it touches no rent account
until a person says which payment it takes back.

Payments are proposed by their amount, and by the bank account that already paid for a household.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from services.arrears import shown
from services.arrears.accounts_in_arrears import select_version
from services.arrears.bank_statement import BankStatement
from services.arrears.casework.looking import replayed
from services.arrears.payer_accounts import household_paid_from
from services.arrears.payments_taken_back import NOT_LINKED, OutgoingNotLinked
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt, Recorded
from services.chassis.refusal import NotFound, Refusal
from services.chassis.set_aside import SHOWN_MAX

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Row = dict[str, Any]
LOOKED_AT_MAX, PROPOSED_MAX = 40, 5
BY_AMOUNT = "ce montant exact a été payé"
BY_ACCOUNT = "ce compte bancaire a déjà payé pour ce ménage"
NO_MOVEMENT = "Cette sortie n'existe pas dans cette société."
NO_PAYMENT = "Ce paiement n'est pas, ou plus, sur un compte."
KEEP = """
INSERT INTO outgoing_movement (movement_id, statement_id, amount_cents, value_date, payee,
    communication, payee_account) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
LINK = "UPDATE outgoing_movement SET lease_id = %s, payment_id = %s WHERE movement_id = %s"
SELECT_OUTGOING = """
SELECT o.*, s.account, s.number, s.on_day, a.reference, count(*) OVER () AS counted
FROM outgoing_movement o LEFT JOIN bank_statement s USING (statement_id)
LEFT JOIN account a USING (lease_id)
"""
SELECT_PAID = """
SELECT l.line_id AS payment_id, -l.cents AS amount_cents, l.on_day AS paid_on, a.*
FROM account_line l JOIN account a USING (lease_id)
WHERE l.kind = 'payment' AND -l.cents >= %(cents)s AND l.on_day <= %(day)s AND {which}
ORDER BY l.on_day DESC, l.line_id LIMIT %(limit)s
"""
SELECT_ALIKE = SELECT_PAID.format(which="(-l.cents = %(cents)s OR a.household_id = %(household)s)")
SELECT_PAID_ON = SELECT_PAID.format(which="l.lease_id = ANY(%(leases)s)")


class OutgoingAlreadyLinked(Refusal):
    slug = "outgoing-already-linked"
    title = "Sortie déjà rattachée"


def fold(act: Act, recorded: Recorded) -> None:
    """One row a movement, with the payment that it takes back."""
    event = recorded.event
    match event:
        case BankStatement.OutgoingKept():
            moved = (event.movement_id, event.originator_id, event.amount_cents, event.value_date)
            act.write(KEEP, (*moved, event.payee, event.communication, event.payee_account))
        case RentAccount.PaymentReversalWithdrawn():
            act.write(LINK, (None, None, event.reversal_id))
        case RentAccount.PaymentReversed():
            act.write(LINK, (event.originator_id, event.payment_id, event.reversal_id))


def select_outgoing(rows: Cursor[DictRow], page: int = 1, limit: int = SHOWN_MAX) -> list[DictRow]:
    """A page of the money that left the company's accounts, newest first; `reference`: the lease's,
    if linked; `counted`: how many movements there are in all.
    """
    query = SELECT_OUTGOING + " ORDER BY o.value_date DESC, o.movement_id LIMIT %s OFFSET %s"
    return rows.execute(query, (limit, (page - 1) * limit)).fetchall()


def select_movement(rows: Cursor[DictRow], movement_id: UUID) -> Row:
    """Errors: NotFound."""
    query = SELECT_OUTGOING + " WHERE o.movement_id = %s"
    found = rows.execute(query, (movement_id,)).fetchone()
    if found is None:
        raise NotFound(NO_MOVEMENT)
    return found


def proposed_payments(arrears: "Arrears", movement: Row) -> list[Row]:
    """At most 5 payments that a movement may take back, the likeliest and newest first, each with
    `because`.
    """
    household = household_paid_from(arrears, movement["payee_account"])
    found = _paid(arrears, SELECT_ALIKE, movement, household=household)
    for row in found:
        reasons = {
            BY_ACCOUNT: household is not None and row["household_id"] == household,
            BY_AMOUNT: row["amount_cents"] == movement["amount_cents"],
        }
        row["because"] = [reason for reason, holds in reasons.items() if holds]
    found.sort(key=lambda row: -len(row["because"]))
    return found[:PROPOSED_MAX]


def payments_on(arrears: "Arrears", movement: Row, leases: Sequence[UUID]) -> list[Row]:
    """Payments on some leases that a movement may take back, newest first."""
    return _paid(arrears, SELECT_PAID_ON, movement, leases=list(leases))


def _paid(arrears: "Arrears", query: str, movement: Row, **asked: object) -> list[Row]:
    """With `names`; a payment of which less is left than the movement says is left out."""
    asked |= {"cents": movement["amount_cents"], "day": movement["value_date"]}
    with arrears.datastore.reading() as rows:
        found = rows.execute(query, asked | {"limit": LOOKED_AT_MAX}).fetchall()
    accounts = replayed(arrears, list({row["lease_id"] for row in found}))
    left = [
        row
        for row in found
        if (payment := accounts[row["lease_id"]].payments.get(row["payment_id"]))
        and accounts[row["lease_id"]].whole(payment) >= movement["amount_cents"]
    ]
    return shown.with_names(arrears, left)


def select_payment(arrears: "Arrears", payment_id: UUID) -> Row:
    """A payment on a rent account, with `names` and its `version`.   Errors: NotFound."""
    with arrears.datastore.reading() as rows:
        found = rows.execute(
            SELECT_PAID.format(which="l.line_id = %(payment)s"),
            {"payment": payment_id, "cents": 0, "day": date.max, "limit": 1},
        ).fetchall()
        version = select_version(rows, found[0]["lease_id"]) if found else None
    if not found:
        raise NotFound(NO_PAYMENT)
    return shown.with_names(arrears, found)[0] | {"version": version}


def select_given_back(rows: Cursor[DictRow], lease_id: UUID, cents: int) -> date | None:
    """The last day on which as much was given back as a credit: what left may be that money."""
    found = rows.execute(
        "SELECT max(on_day) AS day FROM account_line"
        " WHERE lease_id = %s AND kind = 'credit-returned' AND cents = %s",
        (lease_id, cents),
    ).fetchone()
    return found["day"] if found else None


def link(arrears: "Arrears", caller: Caller, movement_id: UUID, payment_id: UUID) -> Receipt:
    """A person says which payment a movement takes back.

    Records: PaymentReversed and what follows from it.
    Refuses: NotFound (404), OutgoingAlreadyLinked, ReturnExceedsPayment, ReturnBeforePayment (409),
    StaleEdit (412) by the account's version.
    """

    def decide(act: Act) -> UUID:
        movement = _movement(act, movement_id)
        if movement["lease_id"] is not None:
            raise OutgoingAlreadyLinked(
                "Cette sortie est déjà rattachée à un paiement : défaites d'abord ce lien."
            )
        paid_on = act.rows(
            "SELECT lease_id FROM account_line WHERE line_id = %s AND kind = 'payment'",
            (payment_id,),
        )
        if not paid_on:
            raise NotFound(NO_PAYMENT)
        account = act.load(RentAccount, paid_on[0]["lease_id"])
        account.refuse_if_stale(caller.expected_version)
        account.take_back_payment(
            movement_id, payment_id, movement["amount_cents"], movement["value_date"]
        )
        return act.save(account)

    return arrears.perform(caller, decide)


def unlink(arrears: "Arrears", caller: Caller, movement_id: UUID) -> Receipt:
    """It was not that payment: the movement waits again.

    Records: PaymentReversalWithdrawn, corrected allocations.
    Refuses: NotFound (404), OutgoingNotLinked (409), StaleEdit (412) by the account's version.
    """

    def decide(act: Act) -> UUID:
        movement = _movement(act, movement_id)
        if movement["lease_id"] is None:
            raise OutgoingNotLinked(NOT_LINKED)
        account = act.load(RentAccount, movement["lease_id"])
        account.refuse_if_stale(caller.expected_version)
        account.withdraw_reversal(movement_id, act.today)
        return act.save(account)

    return arrears.perform(caller, decide)


def _movement(act: Act, movement_id: UUID) -> Row:
    found = act.rows("SELECT * FROM outgoing_movement WHERE movement_id = %s", (movement_id,))
    if not found:
        raise NotFound(NO_MOVEMENT)
    return found[0]
