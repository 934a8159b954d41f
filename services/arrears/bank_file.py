"""Taking over a bank file: checked whole first, then posted in acts of at most 500 movements.

A statement's identity is account, date and number. The same identity with the same movements is
already imported, also under another file name or in another format; with other movements it is a
conflict. A file that was interrupted is completed by importing it again: a payment's id is its
place in its statement.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from services.arrears.bank_data import plain
from services.arrears.bank_file_cut_off import telling_what_is_recorded
from services.arrears.bank_file_refused import BankFileRefused
from services.arrears.bank_movements import BankFile, Movement, Statement
from services.arrears.bank_postings import Posting, Tally
from services.arrears.bank_standing import Standing
from services.arrears.bank_statement import BankStatement
from services.arrears.camt import read_camt
from services.arrears.coda import read_coda
from services.chassis.act import Act
from services.chassis.amounts import LIMIT_CENTS, format_cents
from services.chassis.caller import Caller
from services.chassis.failpoint import failpoint
from services.chassis.imports import ImportReport, finish_import, note_import
from services.chassis.settings import megabytes

if TYPE_CHECKING:
    from services.arrears.service import Arrears

MOVEMENTS_AN_ACT = 500
"""As fast as thousands, and whoever else has something to record waits for one act at most."""
READERS: Final[dict[str, Callable[[bytes, int], BankFile]]] = {
    "coda": read_coda,
    "camt053": read_camt,
}


def import_bank_file(
    arrears: "Arrears",
    caller: Caller,
    kind: str,
    filename: str,
    content: bytes,
    *,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Import a file of one of the kinds of `READERS`.

    The answer is the command line's contract (design.md section 10).   Refuses: BankFileCutOff
    (503).
    """
    report = _begun(kind, filename, content)
    try:
        limit = megabytes(arrears.company.limits.upload_mb)
        statements = READERS[kind](content, limit).statements
    except BankFileRefused as refused:
        return report | {"refused": [error._asdict() for error in refused.errors]}
    report["statements"] = [_summary(statement) for statement in statements]
    report["refused"] = _unfit(arrears, statements)
    report["flagged"] = _flags(statements)
    if report["refused"]:
        return report
    standing = Standing(arrears, statements)
    report["refused"] = standing.conflicts()
    report["flagged"] += standing.remarks()
    if report["refused"]:
        return report | {"state": "conflicting"}
    new = [statement for statement in statements if not standing.is_imported(statement)]
    if not new:
        if not dry_run:
            arrears.perform(caller, lambda act: finish_import(act, report["sha256"], kind))
        return report | {"state": "already-imported"}
    tally, accepted = Tally(), sum(len(statement.postings()) for statement in new)
    if not dry_run:
        noted = ImportReport(kind, filename, report["sha256"], "accepted")
        with telling_what_is_recorded(tally, accepted):
            for statement in new:
                _post(arrears, caller, statement, tally, noted, ends=statement is new[-1])
        arrears.judge_due_days()
    return report | {
        "state": "accepted",
        "accepted": accepted,
        "unmatched": tally.unmatched,
        "facts": tally.facts,
    }


def _begun(kind: str, filename: str, content: bytes) -> dict[str, Any]:
    return {
        "kind": kind,
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


def _unfit(arrears: "Arrears", statements: Sequence[Statement]) -> list[dict[str, Any]]:
    unlisted = _unlisted(arrears.company.bank_accounts, statements)
    return unlisted + _to_come(arrears.today, statements) + _beyond(statements)


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


def _to_come(today: date, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Once taken, due days up to then would be judged before the bank has told of them."""
    return [
        {
            "line": statement.line,
            "field": "date",
            "reason": f"L'extrait {statement.number} est du {statement.date:%d/%m/%Y}, un jour à "
            "venir : vérifiez que c'est bien un fichier de la banque, ou importez-le ce jour-là.",
        }
        for statement in statements
        if statement.date > today
    ]


def _beyond(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Money that came in and is more than a payment can be, as a fact tells it."""
    return [
        {
            "line": posting.line,
            "field": "amount",
            "reason": f"{format_cents(posting.amount_cents)} sont entrés : un paiement est de "
            f"{format_cents(LIMIT_CENTS)} au plus. Signalez-le à l'exploitation : "
            "l'extrait n'est pas enregistré.",
        }
        for statement in statements
        for posting in statement.postings()
        if posting.amount_cents > LIMIT_CENTS
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


def _post(
    arrears: "Arrears",
    caller: Caller,
    statement: Statement,
    tally: Tally,
    noted: ImportReport,
    *,
    ends: bool,
) -> None:
    """Post one statement; `ends`: the file ends with it."""
    postings = statement.postings()
    chunks = [
        postings[start : start + MOVEMENTS_AN_ACT]
        for start in range(0, len(postings), MOVEMENTS_AN_ACT)
    ] or [[]]
    for number, chunk in enumerate(chunks, 1):
        last = number == len(chunks)

        def decide(act: Act, chunk: Sequence[Movement] = chunk, last: bool = last) -> UUID:
            before = act.position
            bank_statement = Posting(arrears, act, statement).post(chunk, tally)
            if last:
                _finish(bank_statement, statement)
                act.save(bank_statement)
            facts = act.position - before
            tally.accepted, tally.facts = tally.accepted + len(chunk), tally.facts + facts
            note_import(act, replace(noted, accepted=tally.accepted), facts, last=last and ends)
            return bank_statement.id

        arrears.perform(caller, decide)
        tally.recorded += len(chunk)
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
