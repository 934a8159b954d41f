"""Why a bank file is refused as a whole, in whichever format it came: line, field and reason."""

from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from typing import Final, NamedTuple

from services.arrears.bank_movements import BankFile, Statement
from services.chassis.amounts import format_cents

MEND: Final = "Redemandez le fichier à la banque et importez-le sans l'ouvrir ni le modifier."
LIMIT_BYTES: Final = 128 * 1024 * 1024
ERRORS_MAX: Final = 100


class LineError(NamedTuple):
    """One reason to refuse a file: line counts from 1, field and reason are French.

    The field of a format made of named elements is the path of the element.
    """

    line: int
    field: str
    reason: str


class BankFileRefused(Exception):
    """The file as a whole is refused; `errors` say why, in the order of the lines, at most 100."""

    def __init__(self, errors: list[LineError]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"ligne {e.line}, {e.field}: {e.reason}" for e in errors[:3]))


def accepted(statements: list[Statement], errors: list[LineError]) -> BankFile:
    """Take a file of which nothing is refused, nor any statement twice in it.

    Refuses: BankFileRefused.
    """
    errors = [*errors, *_copies(statements)]
    if errors:
        raise BankFileRefused(sorted(errors, key=itemgetter(0))[:ERRORS_MAX])
    return BankFile(statements)


def _copies(statements: Iterable[Statement]) -> list[LineError]:
    first: dict[tuple[str, date, str], Statement] = {}
    found = []
    for statement in statements:
        known = first.setdefault((statement.account, statement.date, statement.number), statement)
        if known is not statement:
            reason = (
                f"l'extrait {statement.number} du {statement.date:%d/%m/%Y} est déjà dans ce "
                f"fichier, à la ligne {known.line}. Importez chaque extrait une seule fois."
            )
            found.append(LineError(statement.line, "extrait", reason))
    return found


def refuse_too_large(content: bytes, limit_bytes: int) -> None:
    if len(content) > limit_bytes:
        reason = (
            f"il fait {len(content) / 2**20:.1f} Mo, "
            f"la limite est de {limit_bytes / 2**20:.1f} Mo. "
            "Demandez à la banque un fichier par jour ou par compte."
        )
        raise BankFileRefused([LineError(1, "fichier", reason)])


def other_sum(told_cents: int, found_cents: int) -> str:
    """The reason when a file announces one sum and its movements give another."""
    return (
        f"le fichier annonce {format_cents(told_cents)}, ses mouvements donnent "
        f"{format_cents(found_cents)} : {format_cents(found_cents - told_cents)} d'écart. {MEND}"
    )


def other_details(count: int, details_cents: int, movement_cents: int) -> str:
    """The reason when the details of a globalised movement do not add up to it."""
    return (
        f"les {count} détails font {format_cents(details_cents)}, le mouvement global "
        f"{format_cents(movement_cents)}. {MEND}"
    )


def other_currency(currency: str) -> str:
    return f"le compte est tenu en « {currency} », seuls les comptes en EUR sont lus."
