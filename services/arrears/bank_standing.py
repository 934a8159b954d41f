"""What of a bank file is known already: statements that are imported, begun, or contradicted.

Banks number the statements of their formats each its own way. So a statement is also known where
the other format told of the same account and day the same balances and amounts under a number of
its own: posting these once more would pay every rent of that day twice.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.bank_data import plain, select_statements_on
from services.arrears.bank_movements import Statement
from services.arrears.bank_postings import statement_id
from services.arrears.bank_statement import BankStatement
from services.chassis.act import Act
from services.chassis.caller import Caller

if TYPE_CHECKING:
    from services.arrears.service import Arrears

Remark = dict[str, Any]


class Standing:
    """Where the statements of one file stand before any of it is posted."""

    def __init__(self, arrears: "Arrears", statements: Sequence[Statement]) -> None:
        self._ids = {id(statement): statement_id(arrears, statement) for statement in statements}
        self._statements = statements
        self._known: dict[UUID, BankStatement] = {}
        self._other_numbers: dict[int, str] = {}
        arrears.perform(Caller(actor="service:arrears"), self._look)

    def is_imported(self, statement: Statement) -> bool:
        known = self._known.get(self._ids[id(statement)])
        return id(statement) in self._other_numbers or (known is not None and known.imported)

    def conflicts(self) -> list[Remark]:
        """A remark for each statement that contradicts what is known of it."""
        found = []
        for statement in self._statements:
            known = self._known.get(self._ids[id(statement)])
            if known is None or (known.is_same(statement) and known.may_go_on(statement)):
                continue
            if known.is_same(statement):
                why = (
                    "importé en partie, d'un fichier d'un autre format : importez d'abord celui-là."
                )
            else:
                why = "connu avec d'autres mouvements : demandez à la banque lequel est le bon."
            told = f"L'extrait {statement.number} du {statement.date:%d/%m/%Y} est déjà {why}"
            found.append({"line": statement.line, "field": "statement", "reason": told})
        return found

    def remarks(self) -> list[Remark]:
        """A remark for each statement that is known under another number."""
        return [
            {
                "line": statement.line,
                "field": "statement",
                "reason": f"L'extrait {statement.number} du {statement.date:%d/%m/%Y} est déjà "
                f"importé, d'un fichier d'un autre format, sous le numéro {number}.",
            }
            for statement in self._statements
            if (number := self._other_numbers.get(id(statement))) is not None
        ]

    def _look(self, act: Act) -> None:
        self._known = act.find_all(BankStatement, self._ids.values())
        new = [s for s in self._statements if s.movements and self._ids[id(s)] not in self._known]
        if new:
            self._other_numbers = _told_under_other_numbers(act, new)


def _told_under_other_numbers(act: Act, new: Sequence[Statement]) -> dict[int, str]:
    same_days = select_statements_on(act, [statement.date for statement in new])
    candidates = act.find_all(BankStatement, [row["statement_id"] for row in same_days])
    numbers = {}
    for statement in new:
        for row in same_days:
            same_account = plain(row["account"]) == plain(statement.account)
            told = candidates[row["statement_id"]]
            if same_account and told.format != statement.format and told.is_same(statement):
                numbers[id(statement)] = row["number"]
    return numbers
