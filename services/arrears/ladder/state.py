"""Everything that a policy may ask of an account at a moment."""

from dataclasses import dataclass
from datetime import date

from services.arrears.ladder.books import Books
from services.arrears.ladder.case import (
    BankData,
    CourtDate,
    CourtOutcome,
    Done,
    Eviction,
    Flag,
    HousingAid,
    Pause,
    Recipient,
    Turn,
    Wish,
)
from services.arrears.ladder.moments import L, Lines, Moment, moment_of
from services.arrears.ladder.plans import Watched
from services.arrears.ladder.rent_conversion import MONTHS, convert

PRESENT = frozenset({"present"})
GONE = {"lease-ended": "departed", "deceased": "deceased"}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was sent or done. `from_` and `until`: active from a day, lapsed on one."""

    kind: str
    on: date
    is_message: bool
    recorded_on: date | None = None
    """None: on the day it happened."""
    from_: date | None = None
    until: date | None = None

    def active_on(self, day: date) -> bool:
        begun = self.from_ is not None and self.from_ <= day
        return begun and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class State:
    """See the module. Amounts are integer cents, `rent_cents` of one period, `month_cents` what
    it comes to a month, None unknown.
    """

    moment: Moment
    balance_cents: int = 0
    net_cents: int = 0
    rent_cents: int | None = None
    month_cents: int | None = None
    unpaid: tuple[bool, ...] = ()
    unpaid_since: date | None = None
    """The day of the oldest charge that is not fully paid."""
    owed_since: date | None = None
    settled_on: date | None = None
    """The last day that something moved on and at whose end nothing was owed."""
    done: tuple[Step, ...] = ()
    plan: Watched | None = None
    court_on: date | None = None
    outcome: str | None = None
    outcome_on: date | None = None
    """When it was told."""
    evict_on: date | None = None
    before_court_until: date | None = None
    """The last day of the court and bailiff's dates, or on which one was recorded."""
    review_on: date | None = None
    """When a pause that holds is to be looked at again."""
    pause_reason: str | None = None
    hardship: bool = False
    dispute: bool = False
    aid: Recipient = Recipient.NOBODY
    flags: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()
    objections: frozenset[str] = frozenset()
    bank_complete_until: date | None = None
    bank_days_max: int | None = None
    """How many days old bank data may be, by the policy that rules."""
    tenant: frozenset[str] = PRESENT
    """`present`, or what of `departed` and `deceased` holds."""
    ended_on: date | None = None
    """The lease's end."""
    paid_on: date | None = None
    """The day of the last payment that the bank did not take back."""

    @property
    def day(self) -> date:
        return self.moment.day

    @property
    def bank_data(self) -> str:
        """`stale`, `fresh`, or `unknown`: nothing was said of it, or no policy sets a limit."""
        if self.bank_complete_until is None or self.bank_days_max is None:
            return "unknown"
        age = (self.day - self.bank_complete_until).days
        return "stale" if age > self.bank_days_max else "fresh"


def state_at(
    moment: Moment, lines: Lines, books: Books, plans: list[Watched], done: tuple[Step, ...]
) -> State:
    """The state by what had happened at a moment. `lines` are those until then."""
    rent, turns, pause = books.rent(moment.day), _turns(lines), _pause(lines)
    court = _last(lines, CourtDate)
    eviction, bank, aid = _eviction(lines), _last(lines, BankData), _last(lines, HousingAid)
    wishes = {wish.to: wish.what for wish in lines.of_kind(Wish)}
    flags = {flag.flag: flag.what == "vulnerability" for flag in lines.of_kind(Flag)}
    gone = frozenset(GONE[turn] for turn in turns & GONE.keys())
    ended = [turn.on for turn in lines.of_kind(Turn) if turn.what == "lease-ended"]
    outcome = _outcome(lines)
    return State(
        moment=moment,
        balance_cents=books.balance(moment),
        net_cents=books.net(moment),
        rent_cents=rent.cents if rent else None,
        month_cents=convert(rent.cents, rent.year_periods, MONTHS) if rent else None,
        unpaid=tuple(books.unpaid(moment)),
        unpaid_since=books.unpaid_since(moment),
        owed_since=books.owed_since(moment),
        settled_on=books.settled_on(moment),
        done=done,
        plan=plans[-1] if plans else None,
        court_on=court.court_on if court else None,
        outcome=outcome.outcome if outcome else None,
        outcome_on=outcome.on if outcome else None,
        evict_on=eviction.evict_on if eviction else None,
        before_court_until=_before_court_until(court, eviction),
        review_on=pause.review_on if pause else None,
        pause_reason=pause.reason if pause else None,
        hardship="hardship" in turns,
        dispute="dispute" in turns,
        aid=aid.recipient if aid else Recipient.NOBODY,
        flags=frozenset(name for name, holds in flags.items() if holds),
        consents=frozenset(to for to, what in wishes.items() if what == "consent"),
        objections=frozenset(to for to, what in wishes.items() if what == "objection"),
        bank_complete_until=bank.complete_until if bank else None,
        tenant=gone or PRESENT,
        ended_on=min(ended, default=None),
        paid_on=books.paid_on(moment),
    )


def done_of(lines: Lines) -> list[tuple[Moment, Step]]:
    return [
        (moment_of(line), Step(line.kind, line.on, line.what == "message", line.recorded_on))
        for line in lines.of_kind(Done)
    ]


def _last(lines: Lines, kind: type[L]) -> L | None:
    found = lines.of_kind(kind)
    return found[-1] if found else None


def _before_court_until(court: CourtDate | None, eviction: Eviction | None) -> date | None:
    days = [court.on, court.court_on] if court else []
    days += [eviction.on, eviction.evict_on] if eviction else []
    return max(days, default=None)


def _outcome(lines: Lines) -> CourtOutcome | None:
    """The last one, unless a court date was recorded after it."""
    last = lines.of_kinds(CourtDate, CourtOutcome)[-1:]
    return next((line for line in last if isinstance(line, CourtOutcome)), None)


ENDS = {"hardship-ended": "hardship", "dispute-settled": "dispute"}


def _turns(lines: Lines) -> set[str]:
    """What holds."""
    holds: set[str] = set()
    for turn in lines.of_kind(Turn):
        if turn.what in ENDS:
            holds.discard(ENDS[turn.what])
        else:
            holds.add(turn.what)
    return holds


def _eviction(lines: Lines) -> Eviction | None:
    """The last one that was recorded, unless it was withdrawn."""
    eviction: Eviction | None = None
    for line in lines.of_kinds(Eviction, Turn):
        if isinstance(line, Eviction):
            eviction = line
        elif isinstance(line, Turn) and line.what == "eviction-withdrawn":
            eviction = None
    return eviction


def _pause(lines: Lines) -> Pause | None:
    """The last one, unless it was ended."""
    pause: Pause | None = None
    for line in lines.of_kinds(Pause, Turn):
        if isinstance(line, Pause):
            pause = line
        elif isinstance(line, Turn) and line.what == "pause-ended":
            pause = None
    return pause
