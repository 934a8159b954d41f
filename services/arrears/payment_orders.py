"""In which order a payment pays charges: by the policy that rules on its value date."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.arrears.allocation import OLDEST_FIRST, Ordering, PlanDue
from services.arrears.casework.arrears_case import ArrearsCase
from services.arrears.casework.policy_shelf import PolicyShelf
from services.arrears.ladder.allocation_order import PaysFirst
from services.arrears.ladder.judging import ruling
from services.arrears.ladder.plans import dues
from services.arrears.ladder.policy import Policy
from services.arrears.rent_account import RentAccount
from services.chassis.act import Act


class PaymentOrders:
    """The orders of one act's payments, by the policies adopted so far.

    `leases`: those that are asked for, so that their plans are read at once.
    """

    def __init__(self, act: Act, leases: Iterable[UUID] = ()) -> None:
        self.act = act
        self.company = act.service.company.slug
        shelf = act.find(PolicyShelf, PolicyShelf.id_of(self.company))
        self.policies = shelf.policies() if shelf else ()
        self._ruling: dict[date, Policy | None] = {}
        ordered = [policy.allocation.first for policy in self.policies if policy.allocation]
        if any(PaysFirst.PLAN_FIRST in first for first in ordered):
            act.find_all(ArrearsCase, [ArrearsCase.id_of(self.company, each) for each in leases])

    def of(self, lease_id: UUID, value_date: date) -> Ordering:
        """What a payment of that day pays before the oldest charge.

        A plan counts as it is known now: the one agreed last by the day, unless it had ended
        before that day.
        """
        policy = self._rules(value_date)
        if policy is None or policy.allocation is None:
            return OLDEST_FIRST
        first = policy.allocation.first
        return Ordering(
            first, self._plan(lease_id, value_date) if PaysFirst.PLAN_FIRST in first else None
        )

    def order_anew(self, account: RentAccount, since: date) -> None:
        """Order the account's payments since a day by the policies whose scope reaches back.

        Records: AllocationOrderKnown, corrected allocations.
        """
        account.order_payments(
            {
                payment.payment_id: self.of(account.id, payment.value_date)
                for payment in account.payments.values()
                if payment.value_date >= since and self._reaches_back(payment.value_date)
            }
        )
        self.act.save(account)

    def _rules(self, day: date) -> Policy | None:
        if day not in self._ruling:
            self._ruling[day] = ruling(self.policies, day, self.act.today)
        return self._ruling[day]

    def _reaches_back(self, day: date) -> bool:
        policy = self._rules(day)
        return policy is not None and policy.scope.earlier_days

    def _plan(self, lease_id: UUID, day: date) -> PlanDue | None:
        case = self.act.find(ArrearsCase, ArrearsCase.id_of(self.company, lease_id))
        agreed = [(i, p) for i, p in case.plans.items() if p.terms.on <= day] if case else []
        if not agreed:
            return None
        plan_id, plan = agreed[-1]
        if plan.ended_on is not None and plan.ended_on < day:
            return None
        due = sum(cents for _, _, cents in dues(plan.terms, day))
        return PlanDue(plan_id, plan.terms.on, min(due, plan.terms.starting_balance_cents or 0))


def reaching_back(shelf: PolicyShelf | None, after: int) -> date | None:
    """From when on payments are to be ordered anew, by the policies adopted after the first so
    many; None where none of them reaches back, or none ever ordered payments.
    """
    if shelf is None or not any(policy.allocation for policy in shelf.policies()):
        return None
    later = (each for each in shelf.adopted[after:] if each.earlier_days)
    return min((each.applies_from for each in later), default=None)
