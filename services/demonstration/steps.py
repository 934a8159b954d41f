"""What is done on a day of the demonstration company: each step goes through a door of a service.

Amounts are integer cents a month; leases and dwellings are named by the company's own numbers.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from contracts.intake import EndReason, Language, SuspensionReason, WelcomeMode
from services.demonstration.books import Note


class FileKind(StrEnum):
    DWELLINGS = "dwellings"
    LEASES = "leases"
    RENT_ROLL = "rent-roll"
    CODA = "coda"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file as the company has it; CSV files are UTF-8, CODA files Latin-1."""

    kind: FileKind
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SignLease:
    """`names` are (name, contact) of each leaseholder, invented."""

    reference: str
    dwelling: str
    start_on: date
    rent_cents: int
    charges_cents: int
    names: tuple[tuple[str, str], ...]
    language: Language


@dataclass(frozen=True, slots=True)
class Transfer:
    """The old lease ends on the day before `start_on`."""

    lease_reference: str
    new_reference: str
    dwelling: str
    start_on: date
    rent_cents: int
    charges_cents: int


@dataclass(frozen=True, slots=True)
class CorrectLease:
    lease_reference: str
    start_on: date
    rent_cents: int
    charges_cents: int
    dwelling: str


@dataclass(frozen=True, slots=True)
class EndLease:
    """`ended_on` is the last day, which may lie ahead."""

    lease_reference: str
    ended_on: date
    reason: EndReason


@dataclass(frozen=True, slots=True)
class WithdrawLease:
    lease_reference: str


@dataclass(frozen=True, slots=True)
class SuspendLetting:
    """A vacant dwelling cannot be let from a day on."""

    dwelling: str
    unlettable_from: date
    reason: SuspensionReason


@dataclass(frozen=True, slots=True)
class ResumeLetting:
    dwelling: str
    lettable_from: date


@dataclass(frozen=True, slots=True)
class HoldWelcome:
    lease_reference: str
    held_on: date
    mode: WelcomeMode


@dataclass(frozen=True, slots=True)
class RecordVisit:
    """A planned first-year visit was made; `by` is the pseudonym of an officer."""

    lease_reference: str
    kind: VisitKind
    done_on: date
    place: VisitPlace
    result: VisitResult
    by: str


@dataclass(frozen=True, slots=True)
class MissVisit:
    lease_reference: str
    kind: VisitKind
    missed_on: date
    reason: AbsenceReason
    by: str


@dataclass(frozen=True, slots=True)
class AssignUnmatched:
    """Unmatched money is a lease's; among unmatched payments, day and amount name only one."""

    value_date: date
    amount_cents: int
    lease_reference: str


@dataclass(frozen=True, slots=True)
class AdoptPolicy:
    """The manager adopts a policy document, and the letters that go with it."""

    document: str
    letters: str


@dataclass(frozen=True, slots=True)
class HandleWorkList:
    """The arrears officer goes through what policy proposes, and prints the letters of it unless
    the printer is out of order.

    See `work_list.decide`.
    """

    seed: int
    prints: bool = True


@dataclass(frozen=True, slots=True)
class HandleCourt:
    """What came of the petitions is noted; see `court.decide`."""

    seed: int


@dataclass(frozen=True, slots=True)
class HandleWriteOffs:
    """The board decides of the small debts of tenants who left long ago.

    Units: at most so many cents a lease that ended before a day.
    """

    ended_before: date
    at_most_cents: int


@dataclass(frozen=True, slots=True)
class HandleArrearsVisits:
    """Officers go through the open arrears visits; see `arrears_visits.decide`.

    Units: shares from 0 to 1, of the proposed visits (planned) and of the planned ones whose day
           has come (recorded, missed).
    """

    seed: int
    share_planned: float
    share_recorded: float
    share_missed: float


@dataclass(frozen=True, slots=True)
class HandleSupport:
    """The référent asks who owes three months, and goes through the periods that run.

    See `support.agree` and `support.end`.
    """

    seed: int


Step = (
    ImportFile
    | SignLease
    | Transfer
    | CorrectLease
    | EndLease
    | WithdrawLease
    | SuspendLetting
    | ResumeLetting
    | HoldWelcome
    | RecordVisit
    | MissVisit
    | AssignUnmatched
    | AdoptPolicy
    | HandleWorkList
    | HandleCourt
    | HandleWriteOffs
    | HandleArrearsVisits
    | HandleSupport
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, its steps in the order in which they are done, and what the generator noted.

    Facts: a day without steps is only the passing of time; notes never go through a door.
    """

    day: date
    steps: list[Step]
    notes: list[Note] = field(default_factory=list)
