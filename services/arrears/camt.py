"""Reading camt.053 bank files, versions 001.02 and 001.08: all of a file or nothing of it.

A file is accepted when its balances, its totals and its counts all agree; else it is refused with
every reason found, each with the line and the path of its element.
"""

from services.arrears.bank_file_refused import (
    ERRORS_MAX,
    LIMIT_BYTES,
    MEND,
    BankFileRefused,
    LineError,
    accepted,
)
from services.arrears.bank_movements import BankFile, Statement
from services.arrears.camt_elements import Closed, Element, Opened, Step, read_steps
from services.arrears.camt_statement import StatementReader


def read_camt(content: bytes, limit_bytes: int = LIMIT_BYTES) -> BankFile:
    """Read the bytes of a camt.053 file, of one or several statements.

    Units:   limit_bytes, 128 MiB unless told.
    Refuses: BankFileRefused, with lines, paths and reasons: also a second copy of a statement.
    Source:  ISO 20022, BankToCustomerStatement, camt.053.001.02 and .08.
    """
    reading = _Reading()
    try:
        for step in read_steps(content, limit_bytes):
            reading.take(step)
            if len(reading.errors) >= ERRORS_MAX:
                break
    except BankFileRefused as refused:
        reading.errors.extend(refused.errors)
    if not reading.statements and not reading.errors:
        reading.errors.append(LineError(1, "Stmt", f"il ne contient aucun extrait. {MEND}"))
    return accepted(reading.statements, reading.errors)


class _Reading:
    """The statements of a file while its elements come in."""

    def __init__(self) -> None:
        self.errors: list[LineError] = []
        self.statements: list[Statement] = []
        self._statement = StatementReader(0, self.errors)

    def take(self, step: Step) -> None:
        match step:
            case Element(path=path) if path.startswith("Stmt/Ntry/"):
                self._statement.movements.take(step)
            case Element():
                self._statement.take(step)
            case Opened("Stmt", line):
                self._statement = StatementReader(line, self.errors)
            case Opened("Ntry", line):
                self._statement.movements.begin(line)
            case Opened("NtryDtls", line):
                self._statement.movements.begin_batch(line)
            case Closed("Ntry"):
                self._statement.movements.end()
            case Closed("Stmt"):
                statement = self._statement.statement()
                if statement is not None:
                    self.statements.append(statement)
