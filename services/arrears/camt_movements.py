"""The movements of a camt.053 statement, put together from its entries and their details.

Only booked entries move the account. An entry with one transaction is told by it; with several, it
is globalised, and they are its details. A reversal carries the direction of the money itself.
Source: ISO 20022, camt.053.001.02 and .08, Entry and EntryTransaction.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from services.arrears.bank_file_refused import MEND, other_details, other_sum
from services.arrears.bank_movements import Movement
from services.arrears.camt_elements import Element
from services.arrears.camt_payment import Payment, Words, read_payment, read_words
from services.arrears.camt_values import Values

BOOKED: Final = "BOOK"
NOT_BOOKED: Final = ("PDNG", "INFO", "FUTR")
RETURNED, REVERSED = "2", "4"


@dataclass(slots=True)
class Sums:
    """How many entries in each direction, and the cents of each, neither negative."""

    credits: int = 0
    credit_cents: int = 0
    debits: int = 0
    debit_cents: int = 0

    def add(self, sign: int, cents: int) -> None:
        if sign > 0:
            self.credits, self.credit_cents = self.credits + 1, self.credit_cents + cents
        else:
            self.debits, self.debit_cents = self.debits + 1, self.debit_cents + cents


@dataclass(frozen=True, slots=True)
class Transaction:
    """One transaction of an entry; cents is None where no amount is told, signed otherwise."""

    line: int
    cents: int | None
    payment: Payment
    has_charges: bool


@dataclass(slots=True)
class Batch:
    """One NtryDtls of an entry: what it announces, and the transactions that it lists."""

    line: int
    announced: Element | None = None
    transactions: list[Transaction] = field(default_factory=list)


class Movements:
    """The movements of one statement while its entries are read, in the order of the file."""

    def __init__(self, values: Values) -> None:
        self.booked: list[Movement] = []
        self.details = 0
        self.booked_sums, self.all_sums = Sums(), Sums()
        self.own_account = ""
        self._values = values
        self.begin(0)

    def begin(self, line: int) -> None:
        """An entry begins."""
        self._line = line
        self._errors_before = len(self._values.errors)
        self._reversal = False
        self._told: dict[str, Element] = {}
        self._batches: list[Batch] = []

    def take(self, element: Element) -> None:
        """Something is told of the entry, or of one batch of its details."""
        if element.name == "TxDtls":
            self._batches[-1].transactions.append(self._transaction(element))
        elif element.name == "Btch":
            self._batches[-1].announced = element
        else:
            self._told.setdefault(element.name, element)

    def begin_batch(self, line: int) -> None:
        self._batches.append(Batch(line))

    def end(self) -> None:
        """The entry is complete."""
        amount, direction = self._needed("Amt"), self._needed("CdtDbtInd")
        status = self._status()
        if amount is None or direction is None or not status:
            return
        cents, sign = self._values.euros(amount), self._values.direction(direction)
        self.all_sums.add(sign, cents)
        if status != BOOKED:
            return
        self.booked_sums.add(sign, cents)
        days = self._days()
        # Of an entry refused on its own account no complaint about what is compared with it.
        if days is not None and len(self._values.errors) == self._errors_before:
            self._book(sign * cents, sign, *days)

    def _needed(self, name: str) -> Element | None:
        found = self._told.get(name)
        if found is None:
            self._values.missing(self._line, f"Stmt/Ntry/{name}")
        return found

    def _status(self) -> str:
        """The status of the entry, a code by itself (02) or in an element of its own (08)."""
        element = self._needed("Sts")
        if element is None:
            return ""
        status = element.told("Cd") or element.text
        if status != BOOKED and status not in NOT_BOOKED:
            shown = element.told("Prtry") or status
            reason = f"« {shown} » : seuls BOOK, PDNG, INFO et FUTR sont connus. {MEND}"
            self._values.refuse(element.line, element.path, reason)
            return ""
        return status

    def _days(self) -> tuple[date, date] | None:
        """Value and entry date; where one is not told it is the other."""
        told = [self._told[name] for name in ("ValDt", "BookgDt") if name in self._told]
        if not told:
            self._values.missing(self._line, "Stmt/Ntry/BookgDt")
            return None
        days = [self._values.day(element) for element in told]
        value_date, entry_date = days[0], days[-1]
        return (value_date, entry_date) if value_date and entry_date else None

    def _transaction(self, element: Element) -> Transaction:
        told = element.find("CdtDbtInd") or self._told.get("CdtDbtInd")
        sign = self._values.direction(told) if told else 1
        amount = element.find("Amt") or element.find("AmtDtls/TxAmt/Amt")
        # An amount in another currency is not what moved the account.
        in_euros = amount is not None and amount.currency == "EUR"
        cents = sign * self._values.cents(amount) if amount and in_euros else None
        has_charges = element.find("Chrgs") is not None
        return Transaction(element.line, cents, read_payment(element), has_charges)

    def _book(self, amount_cents: int, sign: int, value_date: date, entry_date: date) -> None:
        transactions = [t for batch in self._batches for t in batch.transactions]
        self._check_batches(amount_cents, sign)
        self._check_details(amount_cents, transactions)
        self._reversal = self._values.yes(self._told.get("RvslInd"))
        if len(self._values.errors) > self._errors_before:
            return
        days = value_date, entry_date
        several = len(transactions) > 1
        details = tuple(
            self._movement(order, transaction.cents, days, transaction.line, transaction.payment)
            for order, transaction in enumerate(transactions if several else (), 1)
            if transaction.cents is not None
        )
        self.details += len(details)
        payment = transactions[0].payment if len(transactions) == 1 else Payment()
        if payment.words == Words():
            payment = replace(payment, words=read_words(self._text("AddtlNtryInf")))
        self.booked.append(self._movement(0, amount_cents, days, self._line, payment, details))

    def _movement(
        self,
        order: int,
        cents: int,
        days: tuple[date, date],
        line: int,
        payment: Payment,
        details: tuple[Movement, ...] = (),
    ) -> Movement:
        """A movement, order 0, or a detail of one; numbered as in a CODA file of the same bank."""
        sequence, detail = f"{len(self.booked) + 1:04d}", f"{order:04d}"
        party = payment.counterparty(cents >= 0, self.own_account, reversal=self._reversal)
        return Movement(
            f"{sequence}-{detail}-1", sequence, detail, line, cents, *days,
            payment.bank_reference or self._text("AcctSvcrRef"), self._code(), "",
            payment.words.structured, payment.words.valid, "", payment.words.text,
            payment.customer_reference, party.account, party.name,
            REVERSED if self._reversal else RETURNED if payment.returned else "",
            payment.return_reason, details,
        )  # fmt: skip

    def _check_batches(self, amount_cents: int, sign: int) -> None:
        for batch in self._batches:
            announced, listed = batch.announced, batch.transactions
            if announced is None:
                continue
            count = announced.find("NbOfTxs")
            if count and listed and self._values.count(count) != len(listed):
                reason = f"« {count.text} » annoncées, {len(listed)} détaillées. {MEND}"
                self._values.refuse(count.line, count.path, reason)
            total = announced.find("TtlAmt")
            cents = [transaction.cents for transaction in listed]
            if total is None:
                continue
            direction = announced.find("CdtDbtInd")
            told = self._values.euros(total)
            told *= self._values.direction(direction) if direction else sign
            found = sum(filter(None, cents)) if cents else amount_cents
            whole = cents or (len(self._batches) == 1 and "Chrgs" not in self._told)
            if whole and None not in cents and told != found:
                self._values.refuse(total.line, total.path, other_sum(told, found))

    def _check_details(self, amount_cents: int, transactions: list[Transaction]) -> None:
        told = [transaction.cents for transaction in transactions]
        total = sum(cents for cents in told if cents is not None)
        if all(cents is None for cents in told):
            return
        if None in told:
            without = transactions[told.index(None)]
            reason = f"le montant en EUR manque, d'autres détails l'ont. {MEND}"
            self._values.refuse(without.line, "Stmt/Ntry/NtryDtls/TxDtls/Amt", reason)
        elif total != amount_cents:
            # The charges of a single payment may stand between its amount and what was booked.
            explained = len(told) == 1 and (transactions[0].has_charges or "Chrgs" in self._told)
            if not explained:
                reason = other_details(len(told), total, amount_cents)
                self._values.refuse(self._line, "Stmt/Ntry/NtryDtls", reason)

    def _text(self, name: str) -> str:
        found = self._told.get(name)
        return found.text if found else ""

    def _code(self) -> str:
        """The kind of transaction: domain, family and sub-family, or the bank's own code."""
        told = self._told.get("BkTxCd")
        if told is None:
            return ""
        domain = (told.told("Domn/Cd"), told.told("Domn/Fmly/Cd"), told.told("Domn/Fmly/SubFmlyCd"))
        return "-".join(filter(None, domain)) or told.told("Prtry/Cd")
