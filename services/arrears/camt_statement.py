"""One statement of a camt.053 file while it is read: its fields, and whether its sums agree.

A statement is known by account, closing day and number, as that of a CODA file: the number is the
one of the paper statement (LglSeqNb) where the bank gives it, and has the three digits of CODA.
Source: ISO 20022, AccountStatement; CODA 2.6, record 1, columns 3 to 5.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from services.arrears.bank_file_refused import MEND, LineError, other_currency, other_sum
from services.arrears.bank_movements import Statement, is_flagged
from services.arrears.camt_elements import Element
from services.arrears.camt_movements import Movements, Sums
from services.arrears.camt_payment import account_of
from services.arrears.camt_values import Values

FORMAT: Final = "camt053"
NUMBER_CHARACTERS: Final = 10
DUPLICATES: Final = ("DUPL", "CODU")
BALANCES: Final = ("OPBD", "PRCD", "CLBD")
NUMBERS: Final[dict[str, Callable[[Sums], int]]] = {
    "TtlNtries": lambda sums: sums.credits + sums.debits,
    "TtlCdtNtries": lambda sums: sums.credits,
    "TtlDbtNtries": lambda sums: sums.debits,
}
TOTALS: Final[dict[str, Callable[[Sums], int]]] = {
    "TtlNtries": lambda sums: sums.credit_cents + sums.debit_cents,
    "TtlCdtNtries": lambda sums: sums.credit_cents,
    "TtlDbtNtries": lambda sums: sums.debit_cents,
}


class StatementReader:
    """Takes what is told of a statement; its entries go to its `movements`."""

    def __init__(self, line: int, errors: list[LineError]) -> None:
        self._line, self._errors, self._errors_before = line, errors, len(errors)
        self._values = Values(errors)
        self.movements = Movements(self._values)
        self._told: dict[str, Element] = {}
        self._balances: dict[str, Element] = {}

    def take(self, element: Element) -> None:
        if element.name == "Bal":
            self._keep_balance(element)
        else:
            self._told.setdefault(element.name, element)
        if element.name == "Acct":
            self.movements.own_account = account_of(element)

    def _keep_balance(self, element: Element) -> None:
        code = element.told("Tp/CdOrPrtry/Cd")
        if code not in BALANCES:
            return
        if code in self._balances:
            reason = f"le solde {code} y est déjà, à la ligne {self._balances[code].line}. {MEND}"
            self._values.refuse(element.line, element.path, reason)
        self._balances.setdefault(code, element)

    def statement(self) -> Statement | None:
        """The statement that is complete now, or None when something of it is refused."""
        account = self._account()
        self._refuse_pages()
        number = self._number()
        opening = self._balance("OPBD", "PRCD")
        closing = self._balance("CLBD")
        if opening is None or closing is None or len(self._errors) > self._errors_before:
            return None
        self._check_sums(opening[0], closing[0])
        if len(self._errors) > self._errors_before:
            return None
        copy = self._told.get("CpyDplctInd")
        return Statement(
            account=account,
            currency="EUR",
            account_flagged=self._is_flagged(account),
            number=number,
            date=closing[1],
            opening_date=opening[1],
            opening_cents=opening[0],
            closing_cents=closing[0],
            movements=self.movements.booked,
            details=self.movements.details,
            line=self._line,
            duplicate=copy is not None and copy.text in DUPLICATES,
            holder=self._told["Acct"].told("Ownr/Nm"),
            format=FORMAT,
        )

    def _account(self) -> str:
        element = self._told.get("Acct")
        account = account_of(element)
        if element is None or not account:
            self._values.missing(element.line if element else self._line, "Stmt/Acct/Id")
        elif len(account) > 34:
            reason = f"le numéro de compte a {len(account)} caractères, 34 au plus. {MEND}"
            self._values.refuse(element.line, "Stmt/Acct/Id", reason)
        elif element.told("Ccy") not in ("", "EUR"):
            reason = other_currency(element.told("Ccy"))
            self._values.refuse(element.line, "Stmt/Acct/Ccy", reason)
        return account

    def _is_flagged(self, account: str) -> bool:
        # A number that is no IBAN has check digits only when it is an old Belgian one.
        told_as_iban = bool(self._told["Acct"].told("Id/IBAN"))
        old_belgian = len(account) == 12 and account.isascii() and account.isdigit()
        return (told_as_iban or old_belgian) and is_flagged(account)

    def _number(self) -> str:
        for name in ("LglSeqNb", "ElctrncSeqNb"):
            told = self._told.get(name)
            if told is not None and told.text.isascii() and told.text.isdigit():
                if told.text.strip("0"):
                    return told.text[-3:].zfill(3)
            elif told is not None:
                self._values.count(told)
        identity = self._told.get("Id")
        if identity is None or not identity.text:
            self._values.missing(self._line, "Stmt/Id")
            return ""
        return identity.text[-NUMBER_CHARACTERS:].strip()

    def _refuse_pages(self) -> None:
        pages = self._told.get("StmtPgntn")
        if pages is not None and (
            pages.told("PgNb") != "1" or pages.told("LastPgInd") in ("false", "0")
        ):
            reason = (
                f"c'est la page {pages.told('PgNb')} d'un extrait en plusieurs messages. "
                "Demandez à la banque un extrait entier par message."
            )
            self._values.refuse(pages.line, pages.path, reason)

    def _balance(self, *codes: str) -> tuple[int, date] | None:
        """Cents and day of the first of these balances that is told."""
        found = next((self._balances[code] for code in codes if code in self._balances), None)
        if found is None:
            reason = f"le solde {' ou '.join(codes)} manque. {MEND}"
            self._values.refuse(self._line, "Stmt/Bal", reason)
            return None
        parts = {name: found.find(name) for name in ("Amt", "CdtDbtInd", "Dt")}
        amount, direction, day = parts.values()
        for name, part in parts.items():
            if part is None:
                self._values.missing(found.line, f"{found.path}/{name}")
        if amount is None or direction is None or day is None:
            return None
        cents = self._values.euros(amount) * self._values.direction(direction)
        read = self._values.day(day)
        return None if read is None else (cents, read)

    def _check_sums(self, opening_cents: int, closing_cents: int) -> None:
        booked = self.movements.booked_sums
        net = booked.credit_cents - booked.debit_cents
        if opening_cents + net != closing_cents:
            closing = self._balances["CLBD"]
            reason = other_sum(closing_cents, opening_cents + net)
            self._values.refuse(closing.line, f"{closing.path}/Amt", reason)
        summary = self._told.get("TxsSummry")
        if summary is not None:
            for name in NUMBERS:
                told = summary.find(name)
                if told is not None:
                    self._check_group(told)

    def _check_group(self, told: Element) -> None:
        """One group of totals: of the booked entries, or of all that are listed."""
        either = (self.movements.booked_sums, self.movements.all_sums)
        count, total = told.find("NbOfNtries"), told.find("Sum")
        if count is not None:
            found = [NUMBERS[told.name](sums) for sums in either]
            if self._values.count(count) not in found:
                reason = f"« {count.text} » annoncés, le fichier en a {found[0]}. {MEND}"
                self._values.refuse(count.line, count.path, reason)
        if total is not None:
            found = [TOTALS[told.name](sums) for sums in either]
            self._compare(total, self._values.cents(total), found)
        net = told.find("TtlNetNtryAmt") or told.find("TtlNetNtry/Amt")
        direction = told.find("CdtDbtInd") or told.find("TtlNetNtry/CdtDbtInd")
        if net is not None and direction is not None:
            found = [sums.credit_cents - sums.debit_cents for sums in either]
            self._compare(net, self._values.cents(net) * self._values.direction(direction), found)

    def _compare(self, element: Element, told: int, found: list[int]) -> None:
        if told not in found:
            self._values.refuse(element.line, element.path, other_sum(told, found[0]))
