"""The generator's own books: what it knows to be so, noted on the day the company learns it."""

from dataclasses import dataclass
from datetime import date

from contracts.intake import EndReason


@dataclass(frozen=True, slots=True)
class LeaseBegun:
    """`household` is the number of the household's first lease; `imported`: stock taken over."""

    lease: str
    household: str
    dwelling: str
    start_on: date
    imported: bool
    transfer_of: str | None


@dataclass(frozen=True, slots=True)
class LeaseOver:
    lease: str
    ended_on: date
    reason: EndReason


@dataclass(frozen=True, slots=True)
class LeaseNeverWas:
    """Its charges were never due, and its money waits for an assignment."""

    lease: str


@dataclass(frozen=True, slots=True)
class Charged:
    """Rent and charges of a month `YYYY-MM`; noted again, it replaces the earlier amount."""

    lease: str
    month: str
    due_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class Paid:
    """Money came in. `meant_for` is the payer's lease, `named` the lease whose structured
    communication it carries: None for none or a wrong one.
    """

    payment: str
    meant_for: str
    named: str | None
    value_date: date
    cents: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """An officer said whose money it is."""

    payment: str
    lease: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The bank took a payment of this lease back."""

    lease: str
    value_date: date
    cents: int


@dataclass(frozen=True, slots=True)
class DwellingKnown:
    """A dwelling is in the stock from a day on."""

    dwelling: str
    registered_on: date


@dataclass(frozen=True, slots=True)
class Unlettable:
    """A vacant dwelling cannot be let from a day on."""

    dwelling: str
    since: date


@dataclass(frozen=True, slots=True)
class LettableAgain:
    dwelling: str
    since: date


Note = (
    LeaseBegun
    | LeaseOver
    | LeaseNeverWas
    | Charged
    | Paid
    | Assigned
    | TakenBack
    | DwellingKnown
    | Unlettable
    | LettableAgain
)
