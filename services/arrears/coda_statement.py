"""What an accepted CODA file holds: statements, their movements and the details of these."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Movement:
    """One booking on the account, or one detail of it.

    Units:  amount_cents is signed, + credit, - debit; line counts from 1.
    Facts:  value_date is the entry date where the bank wrote 000000; `structured` is 12 digits
            whatever their check digits say, which `structured_valid` tells; `key` names it within
            its statement, whatever its line, and two equal payments have two keys.
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

    @property
    def is_globalised(self) -> bool:
        """Whether it totals payments, by the customer (type 1) or the bank (2), told or not."""
        return self.transaction_code[0] in "12"

    @property
    def is_return(self) -> bool:
        """Whether the bank calls it rejected (1), returned, refunded, reversed or cancelled (5)."""
        return self.return_type in ("1", "2", "3", "4", "5")

    @property
    def is_correction(self) -> bool:
        """Whether its code says cancellation or correction: operation 49 (debit) or 99 (credit).

        Banks also write 99 for what has no code of its own: a hint to people, never a rule.
        """
        return self.transaction_code[3:5] in ("49", "99")

    def postings(self) -> Iterator["Movement"]:
        """What a payer did: its details in its place, unless they only split one payment.

        Details of type 8 (and 9 under 7) are the gross amount, charges and VAT of one transfer
        that keeps its payer and communication on the movement itself.
        """
        if any(detail.transaction_code[0] not in "89" for detail in self.details):
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


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account; its identity is (account, date, number).

    Units:  cents, negative when the account is overdrawn; line is that of its header, from 1.
    Facts:  movements balance the account, details are those of their globalised movements;
            account_flagged: its check digits are wrong; duplicate: the bank sent it before.
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

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over the substance of its movements in their order.

        Equal identity and fingerprint: the same statement again. Equal identity alone: a conflict.
        Computed at each call: about 0.2 s for 100,000 movements.
        """
        digest = hashlib.sha256()
        for movement in self.movements:
            digest.update(repr(movement.substance()).encode())
        return digest.hexdigest()

    def postings(self) -> list[Movement]:
        """The movements to be matched, in order: details in place of their globalised movement.

        Their amounts add up to closing minus opening; `key` is unique among them.
        """
        return [posting for movement in self.movements for posting in movement.postings()]


@dataclass(frozen=True, slots=True)
class CodaFile:
    """An accepted file: at least one statement, in the order of the file."""

    statements: list[Statement]
