"""Reading CODA 2.x bank files: all of a file or nothing of it.

A file is accepted when its structure, its balances, its totals and its counts all agree; else it
is refused with every reason found. The codes "next" and "link" of a record are not relied upon:
the count of the trailer already tells a lost line, and banks write these codes carelessly.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from services.arrears.bank_file_refused import (
    ERRORS_MAX,
    LIMIT_BYTES,
    MEND,
    LineError,
    accepted,
    other_currency,
    other_sum,
)
from services.arrears.bank_movements import BankFile, Statement, is_flagged
from services.arrears.coda_movements import UNKNOWN_DAY, Movements
from services.arrears.coda_records import (
    FOLLOWERS,
    HEADER,
    NAMES,
    NEW_BALANCE,
    OLD_BALANCE,
    RECORD_CHARACTERS,
    TRAILER,
    Layout,
    day,
    text_lines,
)


def read_coda(content: bytes, limit_bytes: int = LIMIT_BYTES) -> BankFile:
    """Read the bytes of a CODA file, of one or several statements.

    Units:   limit_bytes, 128 MiB unless told: about a million records.
    Refuses: BankFileRefused, with lines, fields and reasons: also a second copy of a statement.
    Source:  CODA 2.6; checked against febelfin-coda.
    """
    errors: list[LineError] = []
    return accepted(_read(text_lines(content, limit_bytes), errors), errors)


def _read(lines: Sequence[str], errors: list[LineError]) -> list[Statement]:
    statements: list[Statement] = []
    booking, kind = _Booking(0, errors), ""
    for number, kind, line in _records(lines, errors):
        if kind == "0":
            booking = _Booking(number, errors)
        booking.records += 1
        booking.take[kind](number, line)
        if kind == "9" and not errors:
            statements.append(booking.statement())
    if not errors and (kind != "9" or booking.another_follows):
        errors.append(LineError(len(lines), "fichier", _truncated(kind)))
    return statements


def _records(lines: Sequence[str], errors: list[LineError]) -> Iterator[tuple[int, str, str]]:
    """Give (line number, kind, record) of the records that come where they may."""
    previous, lost = "", False
    for number, line in enumerate(lines, 1):
        if len(errors) >= ERRORS_MAX:
            return
        if len(line) != RECORD_CHARACTERS:
            if line and not (previous in ("", "9") and line.isspace()):
                errors.append(LineError(number, "ligne", _wrong_length(line)))
                lost = True
            continue
        kind = line[:2] if line[0] in "23" else line[0]
        if lost:
            # After an error of structure nothing is understood up to the next header.
            if kind != "0":
                continue
            previous, lost = "9", False
        if kind not in FOLLOWERS[previous]:
            errors.append(LineError(number, "ordre", _wrong_order(previous, kind)))
            lost = kind != "0"
            if lost:
                continue
        previous = kind
        yield number, kind, line


class _Booking:
    """One statement while its records are read: its fields, and whether its sums agree."""

    def __init__(self, line: int, errors: list[LineError]) -> None:
        self.records = self._messages = 0
        self.another_follows = self._duplicate = False
        self._line, self._errors, self._errors_before = line, errors, len(errors)
        self._movements = movements = Movements(errors)
        self.take = {
            "0": self._header, "1": self._old_balance, "21": movements.first,
            "22": movements.second, "23": movements.third, "31": movements.information,
            "32": movements.continuation, "33": movements.continuation,
            "4": self._free_message, "8": self._new_balance, "9": self._trailer,
        }  # fmt: skip
        self._structure = self._account_field = self._number = self._holder = ""
        self._opening_cents = self._closing_cents = 0
        self._opening_date: date | None = None
        self._closing_date: date | None = None

    def statement(self) -> Statement:
        account, currency = _account_and_currency(self._structure, self._account_field)
        closing_date = self._closing_date or self._opening_date or date.min
        return Statement(
            account=account,
            currency=currency or "EUR",
            account_flagged=_is_flagged(self._structure, account),
            number=self._number,
            date=closing_date,
            opening_date=self._opening_date or closing_date,
            opening_cents=self._opening_cents,
            closing_cents=self._closing_cents,
            movements=self._movements.booked,
            details=self._movements.details,
            line=self._line,
            duplicate=self._duplicate,
            holder=self._holder,
            format="coda",
        )

    def _header(self, number: int, line: str) -> None:
        _, copy, separate, _ = self._fields(HEADER, number, line)
        self._duplicate = copy == "D"
        if separate.isdigit() and separate != "00000":
            reason = (
                f"le code {separate} annonce une application séparée : un extrait partiel, dont "
                "les montants sont déjà dans le fichier complet. Demandez le fichier complet."
            )
            self._refuse(number, "application séparée", reason)

    def _old_balance(self, number: int, line: str) -> None:
        fields = self._fields(OLD_BALANCE, number, line)
        self._structure, self._number, self._account_field, sign, amount, opened, holder = fields
        account, currency = _account_and_currency(self._structure, self._account_field)
        if not account:
            self._refuse(number, "compte", f"le numéro de compte manque. {MEND}")
        # Only the old Belgian structure may leave the currency blank.
        if currency != "EUR" and (currency or self._structure != "0"):
            self._refuse(number, "devise", other_currency(currency))
        self._opening_cents = _signed(sign, amount)
        # A new account has no day of a previous statement.
        if opened != UNKNOWN_DAY:
            self._opening_date = self._day(number, "date du solde initial", opened)
        self._closing_cents, self._holder = self._opening_cents, holder.strip()

    def _new_balance(self, number: int, line: str) -> None:
        statement_number, account_field, sign, amount, closed = self._fields(
            NEW_BALANCE, number, line
        )
        if account_field.rstrip() != self._account_field.rstrip():
            reason = (
                f"le nouveau solde est celui du compte « {account_field.strip()} », le solde "
                f"initial celui du compte « {self._account_field.strip()} ». {MEND}"
            )
            self._refuse(number, "compte", reason)
        self._number = statement_number
        self._closing_cents = _signed(sign, amount)
        self._closing_date = self._day(number, "date du nouveau solde", closed)

    def _free_message(self, number: int, line: str) -> None:
        self._messages += 1

    def _trailer(self, number: int, line: str) -> None:
        counted, debit, credit, following = self._fields(TRAILER, number, line)
        self.another_follows = following == "1"
        self._movements.close()
        if len(self._errors) > self._errors_before:
            return
        # The header and this trailer are not counted; free messages are by some banks.
        records = self.records - 2
        if int(counted) not in (records, records - self._messages):
            reason = f"la fin annonce {int(counted)} enregistrements, le fichier en a {records}. "
            self._refuse(number, "nombre d'enregistrements", reason + MEND)
        amounts = [movement.amount_cents for movement in self._movements.booked]
        total = sum(amounts)
        credited = sum(amount for amount in amounts if amount > 0)
        self._compare(number, "total des débits", int(debit), credited - total)
        self._compare(number, "total des crédits", int(credit), credited)
        self._compare(number, "nouveau solde", self._closing_cents, self._opening_cents + total)

    def _compare(self, number: int, field: str, told: int, found: int) -> None:
        if told != found:
            self._refuse(number, field, other_sum(told, found))

    def _fields(self, layout: Layout, number: int, line: str) -> tuple[str, ...]:
        match = layout.match(line)
        if match is not None:
            return match.groups()
        taken, complaints = layout.piecemeal(line)
        self._errors.extend(LineError(number, *complaint) for complaint in complaints)
        return taken

    def _day(self, number: int, field: str, digits: str) -> date | None:
        try:
            return day(digits)
        except ValueError:
            reason = f"« {digits} » n'existe pas au calendrier (JJMMAA). {MEND}"
            self._refuse(number, field, reason)
            return None

    def _refuse(self, number: int, field: str, reason: str) -> None:
        self._errors.append(LineError(number, field, reason))


def _signed(sign: str, amount: str) -> int:
    return -int(amount) if sign == "1" else int(amount)


def _account_and_currency(structure: str, field: str) -> tuple[str, str]:
    if structure == "0":
        return field[:12].strip(), field[13:16].strip()
    return field[: 31 if structure == "2" else 34].strip(), field[34:37].strip()


def _is_flagged(structure: str, account: str) -> bool:
    # A foreign number that is no IBAN (structure 1) has nothing to be checked by.
    return structure != "1" and is_flagged(account)


def _wrong_length(line: str) -> str:
    return f"elle a {len(line)} caractères au lieu de {RECORD_CHARACTERS}. {MEND}"


def _wrong_order(previous: str, kind: str) -> str:
    expected = " ou ".join(NAMES[follower] for follower in FOLLOWERS[previous])
    found = NAMES.get(kind, f"un enregistrement inconnu (« {kind} »)")
    after = f"après {NAMES[previous]}" if previous else "au début du fichier"
    return f"{after}, {expected} est attendu; c'est {found} qui vient. {MEND}"


def _truncated(previous: str) -> str:
    if previous == "9":
        return f"il est incomplet : sa fin annonce un autre extrait, qui n'y est pas. {MEND}"
    after = f" après {NAMES[previous]}" if previous else ""
    return f"il est incomplet : il s'arrête{after}, sans l'enregistrement de fin (9). {MEND}"
