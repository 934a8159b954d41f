"""Taking over a CODA file: checked whole first, then posted in acts of at most 2,000 movements.

A statement's identity is account, date and number. The same identity with the same movements is
already imported, also under another file name; with other movements it is a conflict. A file that
was interrupted is completed by importing it again: a payment's id is its place in its statement.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from contracts.arrears import MatchedBy, UnmatchedReason
from services.arrears.accounts_in_arrears import select_account_refs
from services.arrears.bank_data import plain
from services.arrears.bank_statement import BankStatement
from services.arrears.coda import CodaRefused, Movement, Statement, read_coda
from services.arrears.rent_account import RentAccount
from services.arrears.unmatched_payment import UnmatchedPayment
from services.chassis.act import Act, Caller
from services.chassis.aggregate import natural_id
from services.chassis.failpoint import failpoint
from services.chassis.settings import megabytes

if TYPE_CHECKING:
    from services.arrears.service import Arrears

MOVEMENTS_AN_ACT = 2000
PAYER_FIELD = "payer"
COMMUNICATION_FIELD = "communication"


@dataclass
class _Tally:
    """What posting came to."""

    facts: int = 0
    unmatched: int = 0


def import_bank_file(
    arrears: "Arrears", caller: Caller, filename: str, content: bytes, *, dry_run: bool = False
) -> dict[str, Any]:
    """Import a CODA file; the answer is the command line's contract (design.md section 10)."""
    report: dict[str, Any] = {
        "kind": "coda",
        "file": filename,
        "sha256": hashlib.sha256(content).hexdigest(),
        "state": "refused",
        "statements": [],
        "accepted": 0,
        "refused": [],
        "flagged": [],
        "unmatched": 0,
        "facts": 0,
    }
    try:
        limit = megabytes(arrears.company.limits.upload_mb)
        statements = read_coda(content, limit).statements
    except CodaRefused as refused:
        report["refused"] = [error._asdict() for error in refused.errors]
        return report
    report["statements"] = [_summary(statement) for statement in statements]
    report["refused"] = _unlisted(arrears.company.bank_accounts, statements)
    report["flagged"] = _flags(statements)
    if report["refused"]:
        return report
    known = _standing(arrears, statements)
    report["refused"] = _conflicts(arrears, statements, known)
    if report["refused"]:
        return report | {"state": "conflicting"}
    new = [s for s in statements if not known.get(_id(arrears, s), ("", False))[1]]
    if not new:
        return report | {"state": "already-imported"}
    tally = _Tally()
    if not dry_run:
        for statement in new:
            _post(arrears, caller, statement, tally)
        arrears.judge_due_days()
    accepted = sum(len(statement.postings()) for statement in new)
    return report | {
        "state": "accepted",
        "accepted": accepted,
        "unmatched": tally.unmatched,
        "facts": tally.facts,
    }


def _summary(statement: Statement) -> dict[str, Any]:
    return {
        "account": statement.account,
        "number": statement.number,
        "date": statement.date.isoformat(),
        "opening_cents": statement.opening_cents,
        "closing_cents": statement.closing_cents,
        "movements": len(statement.movements),
        "details": statement.details,
    }


def _unlisted(listed: tuple[str, ...], statements: Sequence[Statement]) -> list[dict[str, Any]]:
    accounts = {plain(account) for account in listed}
    return [
        {
            "line": statement.line,
            "field": "account",
            "reason": f"Le compte {statement.account} n'est pas un compte de cette société : "
            "vérifiez le fichier, ou ajoutez le compte au registre des sociétés.",
        }
        for statement in statements
        if accounts and plain(statement.account) not in accounts
    ]


def _flags(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    flags = [
        {"line": s.line, "field": "account", "reason": "Chiffres de contrôle du compte inexacts."}
        for s in statements
        if s.account_flagged
    ]
    return flags + [
        {
            "line": m.line,
            "field": "structured",
            "reason": "Communication structurée aux chiffres de contrôle inexacts : "
            "le montant est gardé, sans bail.",
        }
        for s in statements
        for m in s.postings()
        if m.structured is not None and m.structured_valid is False
    ]


def _id(arrears: "Arrears", statement: Statement) -> UUID:
    return BankStatement.id_of(
        arrears.company.slug, plain(statement.account), statement.date, statement.number
    )


def _standing(arrears: "Arrears", statements: Sequence[Statement]) -> dict[UUID, tuple[str, bool]]:
    """Fingerprint and whether imported whole, of those of the statements that were begun."""
    found: dict[UUID, tuple[str, bool]] = {}

    def look(act: Act) -> None:
        ids = [_id(arrears, statement) for statement in statements]
        for identity, known in act.find_all(BankStatement, ids).items():
            found[identity] = (known.fingerprint, known.imported)

    arrears.perform(Caller(actor="service:arrears"), look)
    return found


def _conflicts(
    arrears: "Arrears", statements: Sequence[Statement], known: dict[UUID, tuple[str, bool]]
) -> list[dict[str, Any]]:
    return [
        {
            "line": statement.line,
            "field": "statement",
            "reason": f"L'extrait {statement.number} du {statement.date:%d/%m/%Y} est déjà connu "
            "avec d'autres mouvements : demandez à la banque lequel est le bon.",
        }
        for statement in statements
        if known.get(_id(arrears, statement), (statement.fingerprint,))[0] != statement.fingerprint
    ]


def _post(arrears: "Arrears", caller: Caller, statement: Statement, tally: _Tally) -> None:
    postings = statement.postings()
    chunks = [
        postings[start : start + MOVEMENTS_AN_ACT]
        for start in range(0, len(postings), MOVEMENTS_AN_ACT)
    ] or [[]]
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1

        def decide(act: Act, chunk: Sequence[Movement] = chunk, last: bool = last) -> UUID:
            before = act.position
            bank_statement = _Posting(arrears, act, statement).post(chunk, tally)
            if last:
                _finish(bank_statement, statement)
                act.save(bank_statement)
            tally.facts += act.position - before
            return bank_statement.id

        arrears.perform(caller, decide)
        failpoint("bank-file.between-acts")


def _finish(bank_statement: BankStatement, statement: Statement) -> None:
    bank_statement.trigger_event(
        BankStatement.Imported,
        account=statement.account,
        number=statement.number,
        date=statement.date,
        opening_cents=statement.opening_cents,
        closing_cents=statement.closing_cents,
        movements=len(statement.movements),
        fingerprint=statement.fingerprint,
        occurred_on=statement.date,
    )


class _Posting:
    """Posts movements of one statement within one act."""

    def __init__(self, arrears: "Arrears", act: Act, statement: Statement) -> None:
        self.arrears, self.act = arrears, act
        self.day: date = statement.date
        statement_id = _id(arrears, statement)
        self.statement: BankStatement = act.find(
            BankStatement, statement_id
        ) or BankStatement.begin(statement_id, statement.fingerprint, statement.date)

    def post(self, movements: Sequence[Movement], tally: _Tally) -> BankStatement:
        act = self.act
        act.save(self.statement)
        leases = select_account_refs(
            act, [m.structured for m in movements if m.structured and m.structured_valid]
        )
        accounts = act.find_all(RentAccount, leases.values())
        unmatched: list[tuple[UUID, Movement]] = []
        for movement in movements:
            payment_id = natural_id(
                self.arrears.company.slug, "payment", f"{self.statement.id}/{movement.key}"
            )
            lease_id = leases.get(movement.structured or "")
            if movement.amount_cents < 0:
                self._outgoing(payment_id, movement, accounts.get(lease_id) if lease_id else None)
            elif lease_id is None:
                unmatched.append((payment_id, movement))
            else:
                account = accounts[lease_id]
                account.receive_payment(
                    payment_id,
                    movement.amount_cents,
                    movement.value_date,
                    MatchedBy.STRUCTURED_COMMUNICATION,
                )
                act.save(account)
        tally.unmatched += len(unmatched)
        self._keep(unmatched)
        act.save(self.statement)
        return self.statement

    def _outgoing(self, payment_id: UUID, movement: Movement, account: RentAccount | None) -> None:
        if account is not None:
            account.reverse_payment(payment_id, -movement.amount_cents, movement.value_date)
            self.act.save(account)
        elif payment_id not in self.statement.outgoing:
            self.statement.trigger_event(
                BankStatement.OutgoingKept,
                movement_id=payment_id,
                amount_cents=-movement.amount_cents,
                value_date=movement.value_date,
                occurred_on=movement.value_date,
            )

    def _keep(self, unmatched: list[tuple[UUID, Movement]]) -> None:
        known = self.act.find_all(UnmatchedPayment, [payment_id for payment_id, _ in unmatched])
        new = [(payment_id, m) for payment_id, m in unmatched if payment_id not in known]
        said = [payment_id for payment_id, movement in new if _said(movement)]
        self.arrears.keyring.make_keys(self.arrears.company, said)
        self.arrears.keyring.unwrap(self.arrears.company, said)
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
                        payment_id, COMMUNICATION_FIELD, movement.communication
                    ),
                    occurred_on=movement.value_date,
                )
            self.act.save(payment)

    def _seal(self, payment_id: UUID, field_name: str, text: str) -> str | None:
        if not text.strip():
            return None
        return self.arrears.keyring.seal(self.arrears.company, payment_id, field_name, text)


def _said(movement: Movement) -> bool:
    return bool(movement.counterparty_name.strip() or movement.communication.strip())


def _reason(movement: Movement) -> UnmatchedReason:
    if movement.structured is None:
        return UnmatchedReason.NO_REFERENCE
    if not movement.structured_valid:
        return UnmatchedReason.WRONG_CHECK_DIGITS
    return UnmatchedReason.UNKNOWN_REFERENCE
