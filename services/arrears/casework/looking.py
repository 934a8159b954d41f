"""An account as policy sees it: its recorded lines, its plans, and the one step proposed.

The lines are made from the two aggregates alone, so that an account of any past day is the same
question asked of the aggregates as they were then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.case_plans import line
from services.arrears.ladder.case import (
    BankData,
    Case,
    Charge,
    ChargeKind,
    Line,
    Payment,
    Rent,
    RentPart,
    Reversal,
    Turn,
)
from services.arrears.ladder.judging import Proposal, propose, stopped_by
from services.arrears.ladder.moments import Moment
from services.arrears.ladder.next_change import next_change
from services.arrears.ladder.plans import Watched
from services.arrears.ladder.policy import Policy, Stop
from services.arrears.ladder.simulating import Simulation
from services.arrears.ladder.spans import Period
from services.arrears.ladder.state import State
from services.arrears.rent_account import RentAccount
from services.chassis.act import SELECT_EVENTS

if TYPE_CHECKING:
    from services.arrears.service import Arrears

NO_POLICY = "Aucune politique adoptée ne vaut ce jour-là."


@dataclass(frozen=True, slots=True)
class Seen:
    """An account on a day. `policy`: the one that ruled; None when none did.

    `look_on`: the first day on which the proposal may be another though nothing happens.
    """

    state: State
    plans: list[Watched]
    policy: Policy | None
    proposal: Proposal
    look_on: date | None = None

    def stopped_by(self, step: str) -> list[Stop]:
        return stopped_by(self.policy, step, self.state) if self.policy else []

    def watched(self, plan_id: UUID) -> Watched | None:
        return next((plan for plan in self.plans if plan.terms.plan == str(plan_id)), None)


@dataclass(frozen=True, slots=True)
class Lookout:
    """Where accounts are looked at from: a day, the policies adopted, what the bank has told."""

    day: date
    policies: Sequence[Policy]
    bank_until: date | None

    def look(self, account: RentAccount, case: ArrearsCase | None, *more: Line) -> Seen:
        """What the policy that rules sees of an account at the day's end; `more`: tried out.

        Errors: LineRefused, for a line tried out.
        """
        lines = [*lines_of(account, case), *more]
        if self.bank_until is not None:
            known = line(BankData, what="bank-data", on=self.day, complete_until=self.bank_until)
            lines.append(known)
        recorded = Case.model_construct(title="", on=None, happenings=tuple(lines))
        simulation = Simulation(recorded, self.policies, self.day)
        policy = simulation.ruling(self.day)
        looked = simulation.look(Moment(self.day), simulation.lines, policy)
        if policy is None:
            nothing = Proposal(None, None, NO_POLICY)
            return Seen(looked.state, looked.plans, None, nothing, self._next_policy())
        look_on = next_change(policy, looked, simulation.lines, self.day)
        days = [day for day in (look_on, self._next_policy()) if day is not None]
        proposal = propose(policy, looked.state)
        return Seen(looked.state, looked.plans, policy, proposal, min(days, default=None))

    def _next_policy(self) -> date | None:
        ahead = [each.applies_from for each in self.policies if each.applies_from > self.day]
        return min(ahead, default=None)


def account_lines(account: RentAccount) -> Iterator[Line]:
    """What a rent account adds to a case: rents as they changed, charges, money, the lease's end.

    A month's rent is that of the last month charged (BR-03).
    """
    charges = sorted(account.charges.values(), key=lambda charge: (charge.due_on, charge.month))
    for (rent, service), group in groupby(charges, key=lambda c: (c.rent_cents, c.charges_cents)):
        year, month = map(int, next(group).month.split("-"))
        first = date(year, month, 1)
        parts = (
            RentPart.model_construct(name="rent", cents=rent),
            RentPart.model_construct(name="charges", cents=service),
        )
        yield line(Rent, what="rent", on=first, period=Period.MONTHLY, parts=parts, first_day=first)
    for charge in charges:
        if charge.cents > 0:
            yield line(
                Charge, what="charge", on=charge.due_on, cents=charge.cents, kind=ChargeKind.RENT
            )
    for day, cents in account.money.values():
        if cents > 0:
            yield line(Payment, what="payment", on=day, cents=cents)
        elif cents < 0:
            yield line(Reversal, what="reversal", on=day, cents=-cents)
    if account.ended_on is not None:
        yield line(Turn, what="lease-ended", on=account.ended_on)


def lines_of(account: RentAccount, case: ArrearsCase | None) -> list[Line]:
    """All that was recorded of an account and its case, in the ladder's words."""
    return [*account_lines(account), *(case.lines.values() if case else ())]


def replayed(
    arrears: "Arrears", ids: Sequence[UUID], before: datetime | None = None
) -> dict[UUID, Any]:
    """Aggregates by id, from their events alone; `before`: from those recorded before a moment."""
    found: dict[UUID, Any] = {}
    with arrears.datastore.reading() as rows:
        events = rows.execute(SELECT_EVENTS, (list(ids),)).fetchall()
    for row in events:
        event, identity = arrears.event_of(row), row["originator_id"]
        if before is None or event.timestamp < before:
            found[identity] = event.mutate(found.get(identity))
    return found
