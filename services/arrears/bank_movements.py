"""What an accepted bank file holds: statements, their movements and the details of these."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from stdnum import iban


@dataclass(frozen=True, slots=True)
class Movement:
    """One booking on the account, or one detail of it.

    Units:  amount_cents is signed, + credit, - debit; line counts from 1.
    Facts:  value_date is the entry date where the bank wrote none; `structured` is 12 digits
            whatever their check digits say, which `structured_valid` tells; `key` names it within
            its statement, whatever its line, and two equal payments have two keys; `split`: its
            details are the gross amount, charges and VAT of one payment, not payments;
            return_type is CODA's: 1 rejected, 2 returned, 3 refunded, 4 reversed, 5 cancelled.
    Source: types of communication 101 and 102, CODA 2.6 enclosure III.
    """

    key: str
    sequence: str
    detail: str
    line: int
    amount_cents: int
    value_date: dt.date
    entry_date: dt.date
    bank_reference: str
    transaction_code: str
    globalisation: str
    structured: str | None
    structured_valid: bool | None
    communication_type: str
    communication: str
    customer_reference: str
    counterparty_account: str
    counterparty_name: str
    return_type: str
    return_reason: str
    details: tuple["Movement", ...] = ()
    split: bool = False

    @property
    def is_return(self) -> bool:
        """Whether the bank calls it rejected (1), returned, refunded, reversed or cancelled (5)."""
        return self.return_type in ("1", "2", "3", "4", "5")

    def postings(self) -> Iterator["Movement"]:
        """What a payer did: its details in its place, unless they only split one payment.

        A split payment keeps its payer and communication on the movement itself.
        """
        if self.details and not self.split:
            for detail in self.details:
                yield from detail.postings()
        else:
            yield self

    def substance(self) -> tuple[object, ...]:
        """Everything the bank says of it; not its line, nor anything derived."""
        return (
            self.sequence, self.detail, self.amount_cents, self.value_date.isoformat(),
            self.entry_date.isoformat(), self.bank_reference, self.transaction_code,
            self.communication_type, self.structured, self.communication,
            self.customer_reference, self.counterparty_account, self.counterparty_name,
            self.return_type, self.return_reason,
            tuple(detail.substance() for detail in self.details),
        )  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """One statement of one account; its identity is (account, date, number).

    Units:  cents, negative when the account is overdrawn; line is that of its header, from 1.
    Facts:  movements balance the account, details are those of their globalised movements;
            account_flagged: its check digits are wrong; duplicate: the bank sent it before;
            format is the kind of file that told it.
    """

    account: str
    currency: str
    account_flagged: bool
    number: str
    date: dt.date
    opening_date: dt.date
    opening_cents: int
    closing_cents: int
    movements: list[Movement]
    details: int
    line: int
    duplicate: bool
    holder: str
    format: str

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over the substance of its movements in their order.

        Equal identity and fingerprint: the same statement again in the same format.
        """
        digest = hashlib.sha256()
        for movement in self.movements:
            digest.update(repr(movement.substance()).encode())
        return digest.hexdigest()

    @property
    def amounts(self) -> str:
        """SHA-256, in hexadecimal, over what every format tells alike, in whatever order.

        These are the balances, and the amount and value date of each movement that makes them.
        """
        told = sorted((m.amount_cents, m.value_date.isoformat()) for m in self.movements)
        digest = hashlib.sha256(repr((self.opening_cents, self.closing_cents)).encode())
        for movement in told:
            digest.update(repr(movement).encode())
        return digest.hexdigest()

    def postings(self) -> list[Movement]:
        """The movements to be matched, in order: details in place of their globalised movement.

        Their amounts add up to closing minus opening; `key` is unique among them.
        """
        return [posting for movement in self.movements for posting in movement.postings()]


@dataclass(frozen=True, slots=True)
class BankFile:
    """An accepted file: at least one statement, in the order of the file."""

    statements: list[Statement]


def has_check_digits(digits: str) -> bool:
    """Whether 12 digits end with the first ten modulo 97, 97 for 0.

    So do a structured communication and an old Belgian account number.
    """
    return int(digits[10:]) == (int(digits[:10]) % 97 or 97)


def is_flagged(account: str) -> bool:
    """Whether an account that ought to have check digits has wrong ones: an IBAN, 12 digits."""
    if account.isascii() and account.isdigit():
        return len(account) != 12 or not has_check_digits(account)
    return not iban.is_valid(account, check_country=False)
