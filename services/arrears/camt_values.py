"""The values of a camt.053 file: amounts, directions, days, counts; why one of them is refused."""

import re
from datetime import date, datetime
from typing import Final

from services.arrears.bank_file_refused import MEND, LineError
from services.arrears.camt_elements import Element
from services.chassis.clock import BRUSSELS

# As many digits as a CODA file has room for: twelve before the decimals, and whole cents.
AMOUNT: Final = re.compile(r"([0-9]{1,12})(?:\.(?:([0-9]{1,2})0*)?)?", re.ASCII)
COUNT: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)
YEARS: Final = range(1969, 2069)
DIRECTIONS: Final = {"CRDT": 1, "DBIT": -1}


class Values:
    """Reads values, and keeps the reason of each that cannot be read; zero stands for it."""

    def __init__(self, errors: list[LineError]) -> None:
        self.errors = errors

    def refuse(self, line: int, path: str, reason: str) -> None:
        self.errors.append(LineError(line, path, reason))

    def missing(self, line: int, path: str) -> None:
        self.refuse(line, path, f"il manque. {MEND}")

    def euros(self, element: Element) -> int:
        """Cents of an amount with its currency."""
        if element.currency != "EUR":
            reason = f"le montant est en « {element.currency} », seul l'EUR est lu."
            self.refuse(element.line, element.path, reason)
            return 0
        return self.cents(element)

    def cents(self, element: Element) -> int:
        match = AMOUNT.fullmatch(element.text)
        if match is None:
            reason = (
                f"« {_short(element.text)} » : un montant s'écrit en 12 chiffres au plus et deux "
                f"décimales, sans signe. {MEND}"
            )
            self.refuse(element.line, element.path, reason)
            return 0
        return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))

    def direction(self, element: Element) -> int:
        """1 for CRDT, money that comes in; -1 for DBIT."""
        found = DIRECTIONS.get(element.text)
        if found is None:
            reason = f"« {_short(element.text)} » : seuls CRDT et DBIT sont admis. {MEND}"
            self.refuse(element.line, element.path, reason)
        return found or 1

    def count(self, element: Element) -> int:
        if not COUNT.fullmatch(element.text):
            reason = f"« {_short(element.text)} » n'est pas un nombre entier. {MEND}"
            self.refuse(element.line, element.path, reason)
            return 0
        return int(element.text)

    def day(self, element: Element) -> date | None:
        """The day of a choice between Dt and DtTm; a moment with its offset is one of Brussels."""
        written = element.told("Dt", "DtTm")
        try:
            found = _moment_day(written) if "T" in written else _day(written)
        except (ValueError, OverflowError):
            found = None
        if found is None or found.year not in YEARS:
            reason = (
                f"« {_short(written)} » : une date s'écrit AAAA-MM-JJ, existe au calendrier et va "
                f"de {YEARS.start} à {YEARS.stop - 1}. {MEND}"
            )
            self.refuse(element.line, element.path, reason)
            return None
        return found

    def yes(self, element: Element | None) -> bool:
        """Whether an indicator is true; left out it is not."""
        if element is None or element.text in ("false", "0"):
            return False
        if element.text not in ("true", "1"):
            reason = f"« {_short(element.text)} » : seuls true et false sont admis. {MEND}"
            self.refuse(element.line, element.path, reason)
        return True


def _moment_day(written: str) -> date:
    moment = datetime.fromisoformat(written)
    return moment.date() if moment.tzinfo is None else moment.astimezone(BRUSSELS).date()


def _day(written: str) -> date | None:
    match = DAY.fullmatch(written)
    return date.fromisoformat(match[1]) if match else None


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
