"""The movements of a CODA statement, put together from records 2.1, 2.2 and 2.3.

Which movement a detail belongs to is told by its number (0000 is the movement itself, though
numbers restart at 0000 after 9999) and by the type of its transaction code: 0 to 3 book an amount,
5 to 8 detail the booking of the same sequence number, 9 details a detail of type 7.
Source: CODA 2.6, "sequence number and detail number" and enclosure II.
"""

from dataclasses import replace
from typing import Final

from services.arrears.bank_file_refused import MEND, LineError, other_details
from services.arrears.bank_movements import Movement, has_check_digits
from services.arrears.coda_records import MOVEMENT, day

UNKNOWN_DAY: Final = "000000"
STRUCTURED_PAYMENT: Final = ("101", "102")
DIRECT_DEBIT: Final = "127"


class Movements:
    """The movements of one statement while its records are read, in the order of the file."""

    def __init__(self, errors: list[LineError]) -> None:
        self.booked: list[Movement] = []
        self.details = 0
        self._errors = errors
        self._pending: tuple[int, tuple[str, ...]] | None = None
        self._second = self._third = ""
        self._place = ""
        # Of a movement or detail refused on its own account: no further complaint about the rest.
        self._unread = ""
        self._seen: dict[str, int] = {}
        self._under_booking: list[Movement] = []
        self._under_detail: list[Movement] = []

    def first(self, number: int, line: str) -> None:
        """Record 2.1: a movement or a detail begins."""
        if self._pending is not None:
            self._finish()
        self._place = line[2:10]
        self._second = self._third = ""
        match = MOVEMENT.match(line)
        if match is not None:
            self._pending = number, match.groups()
            return
        self._unread = self._place[:4]
        _, complaints = MOVEMENT.piecemeal(line)
        self._errors.extend(LineError(number, *complaint) for complaint in complaints)

    def second(self, number: int, line: str) -> None:
        """Record 2.2: more text, references, the reason of a return."""
        self._second = line
        if line[2:10] != self._place:
            self._refuse_orphan(number, line)

    def third(self, number: int, line: str) -> None:
        """Record 2.3: the counterparty and the end of the text."""
        self._third = line
        if line[2:10] != self._place:
            self._refuse_orphan(number, line)

    def information(self, number: int, line: str) -> None:
        """Record 3.1: of the same movement, with a number of its own. Its text is not kept."""
        if line[2:6] != self._place[:4]:
            self._refuse_orphan(number, line)
        self._place = line[2:10]

    def continuation(self, number: int, line: str) -> None:
        """Records 2.2, 2.3, 3.2 and 3.3 repeat both numbers of the record that they continue."""
        if line[2:10] != self._place:
            self._refuse_orphan(number, line)

    def close(self) -> None:
        """The last movement is complete."""
        if self._pending is not None:
            self._finish()
        self._settle_booking()

    def _finish(self) -> None:
        movement = self._pending and self._movement(*self._pending)
        self._pending = None
        if movement is None:
            return
        kind = movement.transaction_code[0]
        if movement.detail == "0000" and kind in "0123":
            if self._under_booking:
                self._settle_booking()
            self.booked.append(movement)
        else:
            self._add_detail(movement, kind)

    def _movement(self, number: int, fields: tuple[str, ...]) -> Movement | None:
        (sequence, detail, reference, sign, amount, value, code, flag, text, entry, level) = fields
        try:
            entry_date = day(entry)
            value_date = entry_date if value == UNKNOWN_DAY else day(value)
        except ValueError:
            reason = f"« {value} » ou « {entry} » n'existe pas au calendrier (JJMMAA). {MEND}"
            self._errors.append(LineError(number, "date", reason))
            self._unread = sequence
            return None
        kind, structured, valid = "", None, None
        customer_reference = returned = returned_for = account = name = ""
        if second := self._second:
            text += second[10:63]
            customer_reference = second[63:98].strip()
            returned, returned_for = second[112:113].strip(), second[113:117].strip()
        if third := self._third:
            text += third[82:125]
            account, name = _account(third[10:47]), third[47:82].strip()
        if flag == "1":
            kind, text, digits = text[:3], text[3:], text[3:15]
            if kind in STRUCTURED_PAYMENT and digits.isascii() and digits.isdigit():
                structured, text = digits, text[12:].lstrip()
                valid = has_check_digits(digits)
            elif kind == DIRECT_DEBIT:
                returned = returned or text[141:142].strip()
                returned_for = returned_for or text[142:146].strip()
                text = text[79:141]
        place = sequence + detail
        ordinal = self._seen[place] = self._seen.get(place, 0) + 1
        return Movement(
            f"{sequence}-{detail}-{ordinal}", sequence, detail, number,
            -int(amount) if sign == "1" else int(amount), value_date, entry_date,
            reference.rstrip(), code, level.strip(), structured, valid, kind, text.rstrip(),
            customer_reference, account, name, returned, returned_for,
        )  # fmt: skip

    def _add_detail(self, movement: Movement, kind: str) -> None:
        self.details += 1
        under = self._under_booking
        if movement.sequence == self._unread:
            return
        if not self.booked or self.booked[-1].sequence != movement.sequence:
            reason = f"il détaille un mouvement {movement.sequence} qui ne le précède pas. {MEND}"
            self._errors.append(LineError(movement.line, "détail", reason))
        elif kind == "9" and under and under[-1].transaction_code[0] == "7":
            self._under_detail.append(movement)
        else:
            self._settle_detail()
            under.append(movement)

    def _settle_booking(self) -> None:
        self._settle_detail()
        if self._under_booking:
            self.booked[-1] = self._with_details(self.booked[-1], self._under_booking)
            self._under_booking = []

    def _settle_detail(self) -> None:
        if self._under_detail:
            self._under_booking[-1] = self._with_details(
                self._under_booking[-1], self._under_detail
            )
            self._under_detail = []

    def _with_details(self, movement: Movement, details: list[Movement]) -> Movement:
        total = sum(detail.amount_cents for detail in details)
        if total != movement.amount_cents and movement.sequence != self._unread:
            reason = other_details(len(details), total, movement.amount_cents)
            self._errors.append(LineError(movement.line, "détails", reason))
        # Types 8, and 9 under 7, are the gross amount, charges and VAT of one transfer.
        split = all(detail.transaction_code[0] in "89" for detail in details)
        return replace(movement, details=tuple(details), split=split)

    def _refuse_orphan(self, number: int, line: str) -> None:
        reason = (
            f"cet enregistrement porte les numéros {line[2:6]} {line[6:10]}, celui qu'il continue "
            f"{self._place[:4]} {self._place[4:]}. {MEND}"
        )
        self._errors.append(LineError(number, "suite", reason))


def _account(text: str) -> str:
    # Twelve digits and a blank are an old Belgian number, its currency right behind; else the
    # currency has the last three columns.
    if text[12:13] == " " and text[:12].isdigit():
        return text[:12]
    return text[:34].strip()
