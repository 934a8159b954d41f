"""Which money is paid to a repayment plan that is watched by its instalments.

Rent goes first: what comes in pays the charges that fell due after the agreement, up to the end of
the month in which it came (of a rent that is not monthly, of the period), and the rest goes to the
plan. What the bank takes back undoes the
newest payment of that amount as it was split; without one, the newest money, the plan's part first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.arrears_cases import PlanMethod
from services.arrears.ladder.case import Plan, PlanEnded

if TYPE_CHECKING:
    from services.arrears.allocation import Charge
    from services.arrears.casework.arrears_case import ArrearsCase
    from services.arrears.rent_account import RentAccount

Money = tuple[UUID, date, int]
"""Its id, its value date, integer cents; below 0 it was taken back."""

Due = tuple[date, date, int]
"""A charge's due day, the day since when money goes to it before a plan, integer cents."""


@dataclass
class _Split:
    """A payment's cents, by what they pay. `left`: not taken back yet."""

    left: int
    to_rent: int
    to_plan: int

    def take(self, cents: int) -> tuple[int, int]:
        """What is taken back of the plan's part and of the rent's."""
        of_plan = min(cents, self.to_plan)
        of_rent = min(cents - of_plan, self.to_rent)
        self.to_plan, self.to_rent = self.to_plan - of_plan, self.to_rent - of_rent
        self.left -= min(cents, self.left)
        return of_plan, of_rent


def paid_to_plan(
    terms: Plan, until: date, charges: Iterable[Due], money: Sequence[Money]
) -> dict[UUID, int]:
    """The cents of each money that go to a plan, or below 0 are taken back from it.

    `until`: its last day; `money` in the order in which it came.
    """
    current = [(since, cents) for due_on, since, cents in charges if due_on > terms.on]
    total = max(0, terms.starting_balance_cents or 0)
    found: dict[UUID, int] = {}
    splits: list[_Split] = []
    for identity, day, cents in sorted(money, key=lambda each: each[1]):
        if not terms.on <= day <= until:
            continue
        rent = sum(split.to_rent for split in splits)
        plan = sum(split.to_plan for split in splits)
        if cents < 0:
            found[identity] = -_take_back(splits, -cents)
            continue
        due = sum(c for since, c in current if since <= day)
        to_rent = min(cents, max(0, due - rent))
        to_plan = min(cents - to_rent, total - plan)
        splits.append(_Split(cents, to_rent, to_plan))
        found[identity] = to_plan
    return {identity: cents for identity, cents in found.items() if cents}


def _take_back(splits: list[_Split], cents: int) -> int:
    """How much of it the plan loses."""
    same = [split for split in reversed(splits) if split.left == cents]
    lost = 0
    for split in [*same[:1], *(s for s in reversed(splits) if s not in same[:1])]:
        part = min(cents, split.left)
        lost += split.take(part)[0]
        cents -= part
    return lost


def _paid_since(charge: "Charge") -> date:
    """The first day of the month in which it falls due; of a period, its own or its due day."""
    if charge.period is None:
        return charge.due_on.replace(day=1)
    return min(charge.period.start, charge.due_on)


def paid_to_plans(account: "RentAccount", case: "ArrearsCase") -> dict[UUID, tuple[str, int]]:
    """Of each money of an account, to which plan it goes and how much; of plans that are watched by
    their instalments alone.
    """
    found: dict[UUID, tuple[str, int]] = {}
    by_instalments = PlanMethod.INSTALMENTS_ONLY.value
    plans = {key: each for key, each in case.plans.items() if each.terms.method == by_instalments}
    if not plans:
        return found
    charges = [(c.due_on, _paid_since(c), c.cents) for c in account.charges.values()]
    money = [(identity, day, cents) for identity, (day, cents) in account.money.items()]
    for plan_id, plan in plans.items():
        ended = case.lines.get(f"{plan_id}/ended")
        until = ended.on if isinstance(ended, PlanEnded) else date.max
        for identity, cents in paid_to_plan(plan.terms, until, charges, money).items():
            found[identity] = (plan.terms.plan, cents)
    return found
