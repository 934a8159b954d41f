"""An account as policy sees it: its recorded lines, its plans, and the one step proposed.

The lines are made from the two aggregates alone, so that an account of any past day is the same
question asked of the aggregates as they were then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.allocation import Charge as Charged
from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.case_plans import line
from services.arrears.casework.plan_money import paid_to_plans
from services.arrears.ladder.case import (
    BankData,
    Case,
    Charge,
    ChargeKind,
    Credit,
    Line,
    Payment,
    Rent,
    RentPart,
    Reversal,
    Turn,
)
from services.arrears.ladder.judging import Proposal, propose, stopped_by
from services.arrears.ladder.moments import Lines, Moment
from services.arrears.ladder.next_change import next_change
from services.arrears.ladder.plans import Watched, next_day_of
from services.arrears.ladder.policy import Policy, Stop
from services.arrears.ladder.simulating import Looked, Simulation
from services.arrears.ladder.spans import DAYS, Period
from services.arrears.ladder.state import State
from services.arrears.rent_account import RentAccount
from services.chassis.act import SELECT_EVENTS

if TYPE_CHECKING:
    from services.arrears.service import Arrears

LINES_KEPT = 65_536
NO_POLICY = "Aucune politique adoptée ne vaut ce jour-là."


@dataclass(frozen=True, slots=True)
class Seen:
    """An account on a day. `policy`: the one that ruled; None when none did."""

    looked: Looked
    lines: Lines
    policy: Policy | None
    proposal: Proposal

    @property
    def state(self) -> State:
        return self.looked.state

    @property
    def plans(self) -> list[Watched]:
        return self.looked.plans

    def stopped_by(self, step: str) -> list[Stop]:
        return stopped_by(self.policy, step, self.state) if self.policy else []


@dataclass(frozen=True, slots=True)
class Watching:
    """A plan as it stood at a day's end. `policy`: the one that rules on the day it is looked at.

    `next_on`: the first day after `until` on which its state may be another.
    """

    plan: Watched
    until: date
    policy: Policy | None
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Lookout:
    """Where accounts are looked at from: a day, the policies adopted, what the bank has told."""

    day: date
    policies: Sequence[Policy]
    bank_until: date | None

    @property
    def told_until(self) -> date | None:
        """The last day that the bank has told of, the day looked from at most."""
        return min(self.day, self.bank_until) if self.bank_until is not None else None

    def look(self, account: RentAccount, case: ArrearsCase | None, *more: Line) -> Seen:
        """What the policy that rules sees of an account at the day's end; `more`: tried out.

        Errors: LineRefused, for a line tried out.
        """
        lines = [*lines_of(account, case), *more]
        if self.bank_until is not None:
            known = line(BankData, what="bank-data", on=self.day, complete_until=self.bank_until)
            lines.append(known)
        simulation = self._simulation(lines)
        policy = simulation.ruling(self.day)
        looked = simulation.look(Moment(self.day), simulation.lines, policy)
        nothing = Proposal(None, None, NO_POLICY)
        proposal = propose(policy, looked.state) if policy else nothing
        return Seen(looked, simulation.lines, policy, proposal)

    def look_next(self, seen: Seen) -> date | None:
        """The first day on which the proposal may be another though nothing happens."""
        days = [each.applies_from for each in self.policies if each.applies_from > self.day]
        if seen.policy is not None:
            rule = seen.proposal.rule
            change = next_change(seen.policy, seen.looked, seen.lines, self.day, rule)
            days += [change] if change is not None else []
        return min(days, default=None)

    def watch(self, lines: Sequence[Line], plan: str) -> Watching | None:
        """A plan as it stands at the end of the last day that the bank has told of.

        None before the day on which it was agreed.
        """
        until = self.told_until
        if until is None:
            return None
        simulation = self._simulation(lines)
        plans = simulation.watch(Moment(until))
        watched = next((each for each in plans if each.terms.plan == plan), None)
        if watched is None:
            return None
        days = [each.on for each in lines if each.on > until]
        if (following := next_day_of(watched, until)) is not None:
            days.append(following)
        return Watching(watched, until, simulation.ruling(self.day), min(days, default=None))

    def _simulation(self, lines: Sequence[Line]) -> Simulation:
        recorded = Case.model_construct(title="", on=None, happenings=tuple(lines))
        return Simulation(recorded, self.policies, self.day)


def account_lines(
    account: RentAccount, to_plans: Mapping[UUID, tuple[str, int]] = MappingProxyType({})
) -> Iterator[Line]:
    """What a rent account adds to a case: rents as they changed, charges, money, the lease's end.

    The rent is that of the last month or period charged (BR-03). `to_plans`: what of a money
    goes to a plan.
    """
    charges = sorted(account.charges.values(), key=lambda charge: (charge.due_on, charge.key))
    for (rent, service, *asked), group in groupby(charges, key=_rent_of):
        period, a_year = _period(*asked)
        first = next(group).begins_on
        parts = (
            RentPart.model_construct(name="rent", cents=rent),
            RentPart.model_construct(name="charges", cents=service),
        )
        known = {"parts": parts, "first_day": first, "periods_a_year": a_year}
        yield line(Rent, what="rent", on=first, period=period, **known)
    for charge in charges:
        if charge.cents > 0:
            yield _charged(charge.due_on, charge.cents)
    for identity, (day, cents) in account.money.items():
        plan, of_plan = to_plans.get(identity, (None, 0))
        if of_plan != 0:
            yield _moved(day, of_plan, plan)
        if cents != of_plan:
            yield _moved(day, cents - of_plan)
    for gone in account.written_off.values():
        yield line(Credit, what="written-off", on=gone.written_off_on, cents=gone.amount_cents)
    if account.ended_on is not None:
        yield line(Turn, what="lease-ended", on=account.ended_on)


def _rent_of(charge: Charged) -> tuple[int, int, int, int]:
    """Rent, charges, and of a rent that is not monthly its days and how often a year; else 0."""
    period = charge.period
    asked = (period.days, period.periods_a_year) if period else (0, 0)
    return charge.rent_cents, charge.charges_cents, *asked


def _period(days: int, a_year: int) -> tuple[Period, int | None]:
    """A rent's period in the ladder's words, and for how many of them a year it is asked."""
    if days == 0:
        return Period.MONTHLY, None
    return next(period for period in Period if DAYS.get(period) == days), a_year


@lru_cache(maxsize=LINES_KEPT)
def _charged(on: date, cents: int) -> Line:
    return line(Charge, what="charge", on=on, cents=cents, kind=ChargeKind.RENT)


@lru_cache(maxsize=LINES_KEPT)
def _moved(on: date, cents: int, plan: str | None = None) -> Line:
    """Money that came, or below 0 was taken back; `plan`: to which plan it went."""
    if cents > 0:
        return line(Payment, what="payment", on=on, cents=cents, plan=plan)
    return line(Reversal, what="reversal", on=on, cents=-cents, plan=plan)


def lines_of(account: RentAccount, case: ArrearsCase | None) -> list[Line]:
    """All that was recorded of an account and its case, in the ladder's words."""
    if case is None:
        return [*_lines_of_account(account)]
    to_plans = paid_to_plans(account, case)
    known = account_lines(account, to_plans) if to_plans else _lines_of_account(account)
    return [*known, *case.lines.values()]


def _lines_of_account(account: RentAccount) -> Sequence[Line]:
    """Made once for each version of it: an account is looked at more often than it changes."""
    version, lines = account.lines_made
    if version != account.version:
        lines = tuple(account_lines(account))
        account.lines_made = account.version, lines
    return lines


def recorded(
    arrears: "Arrears", ids: Sequence[UUID], before: datetime | None = None
) -> Iterator[tuple[UUID, Any]]:
    """Events of aggregates, each with its aggregate's id, in the order of each; `before`: those
    recorded before a moment.
    """
    with arrears.datastore.reading() as rows:
        events = rows.execute(SELECT_EVENTS, (list(ids),)).fetchall()
    for row in events:
        event = arrears.event_of(row)
        if before is None or event.timestamp < before:
            yield row["originator_id"], event


def replayed(
    arrears: "Arrears", ids: Sequence[UUID], before: datetime | None = None
) -> dict[UUID, Any]:
    """Aggregates by id, from their events alone, as `recorded`."""
    found: dict[UUID, Any] = {}
    for identity, event in recorded(arrears, ids, before):
        found[identity] = event.mutate(found.get(identity))
    return found
