"""Repayment plans of a household in arrears: agreed by people, watched each night."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from contracts.arrears_cases import (
    BreachState,
    CancelReason,
    InstalmentFrequency,
    PlanMethod,
    PlanWith,
)
from services.arrears.ladder.case import Line, Plan, PlanEnded
from services.arrears.ladder.plans import BREACHED
from services.arrears.ladder.spans import Frequency
from services.chassis.aggregate import Aggregate, Event
from services.chassis.refusal import Malformed, Refusal

L = TypeVar("L", bound=Line)


class PlanNotPossible(Malformed):
    slug = "plan-not-possible"
    title = "Plan impossible"


class PlanIsOver(Refusal):
    slug = "plan-is-over"
    title = "Plan terminé"


class UnknownPlan(Refusal):
    status = 404
    slug = "unknown-plan"
    title = "Plan inconnu"


@dataclass
class AgreedPlan:
    """A plan and what was stated of it. `state`: `live`, one of breach, or how it ended."""

    terms: Plan
    state: str = "live"
    missed: list[int] = field(default_factory=list)
    """Numbers of the instalments stated as missed; 0 is the lump sum."""
    ended_on: date | None = None

    @property
    def over(self) -> bool:
        return self.state in ("completed", "broken", "cancelled")

    @property
    def missed_in_a_row(self) -> int:
        """How many of the last instalments judged were missed, one after the other."""
        row = 1 if self.missed else 0
        for later, earlier in zip(self.missed[::-1], self.missed[-2::-1], strict=False):
            if later != earlier + 1:
                break
            row += 1
        return row


class CasePlans(Aggregate):
    """See the module; `ArrearsCase` is the whole. Plans by id, in the order of their agreement.

    `watched_until`: the last day whose changes of state were stated.
    """

    lease_id: UUID
    household_id: UUID
    lines: dict[str, Line]
    plans: dict[UUID, AgreedPlan]
    watched_until: date

    @property
    def live_plan(self) -> tuple[UUID, AgreedPlan] | None:
        """The plan that is not over, if there is one: at most one."""
        return next(((i, plan) for i, plan in self.plans.items() if not plan.over), None)

    class PlanAgreed(Event):
        TOPIC = "arrears.repayment-plan-agreed"
        lease_id: UUID
        household_id: UUID
        plan_id: UUID
        agreed_on: date
        agreed_with: PlanWith
        method: PlanMethod
        formal: bool
        starting_cents: int
        lump_sum_cents: int
        lump_sum_on: date | None
        instalment_cents: int
        frequency: InstalmentFrequency | None
        first_due_on: date | None
        count: int | None
        ends_on: date | None
        strike_out_on: date | None
        suspended_years: int | None
        tolerance_days: int

        def apply(self, case: "CasePlans") -> None:
            terms = line(
                Plan,
                what="plan",
                plan=str(self.plan_id),
                on=self.agreed_on,
                method=self.method.value,
                frequency=Frequency(self.frequency.value) if self.frequency else None,
                starting_balance_cents=self.starting_cents,
                with_=self.agreed_with.value,
                **{name: getattr(self, name) for name in _ALIKE},
            )
            case.plans[self.plan_id] = AgreedPlan(terms)
            case.lines[str(self.plan_id)] = terms

    def agree_plan(self, plan_id: UUID, terms: Plan) -> None:
        """Agree a plan whose terms are complete and were found possible; the live one is cancelled.

        Records: RepaymentPlanCancelled of the one before, RepaymentPlanAgreed.
        """
        if plan_id in self.plans:
            return
        if self.live_plan is not None:
            self.cancel_plan(self.live_plan[0], CancelReason.REPLACED, terms.on)
        self._trigger(
            self.PlanAgreed,
            terms.on,
            plan_id=plan_id,
            agreed_on=terms.on,
            agreed_with=PlanWith(terms.with_),
            method=PlanMethod(terms.method),
            frequency=InstalmentFrequency(terms.frequency.value) if terms.frequency else None,
            starting_cents=terms.starting_balance_cents,
            **{name: getattr(terms, name) for name in _ALIKE},
        )

    class PlanBreached(Event):
        TOPIC = "arrears.repayment-plan-breached"
        lease_id: UUID
        household_id: UUID
        plan_id: UUID
        state: BreachState
        breached_on: date
        expected_cents: int
        shortfall_cents: int

        def apply(self, case: "CasePlans") -> None:
            case.plans[self.plan_id].state = self.state.value
            case.watched_until = max(case.watched_until, self.breached_on)

    class PlanHealed(Event):
        TOPIC = "arrears.repayment-plan-healed"
        lease_id: UUID
        household_id: UUID
        plan_id: UUID
        healed_on: date

        def apply(self, case: "CasePlans") -> None:
            case.plans[self.plan_id].state = "live"
            case.watched_until = max(case.watched_until, self.healed_on)

    class PlanCompleted(Event):
        TOPIC = "arrears.repayment-plan-completed"
        lease_id: UUID
        household_id: UUID
        plan_id: UUID
        completed_on: date

        def apply(self, case: "CasePlans") -> None:
            plan = case.plans[self.plan_id]
            plan.state, plan.ended_on = "completed", self.completed_on
            case.watched_until = max(case.watched_until, self.completed_on)

    def state_plan(self, plan_id: UUID, state: str, on: date, expected: int, short: int) -> None:
        """State that the watch found a plan in another state, once a change.

        Records: RepaymentPlanBreached, -Healed or -Completed.
        """
        plan = self.plans[plan_id]
        named = "live" if state in ("live", "on-time") else state
        if plan.over or named == plan.state:
            return
        if named == "completed":
            self._trigger(self.PlanCompleted, on, plan_id=plan_id, completed_on=on)
        elif named in BREACHED:
            self._trigger(
                self.PlanBreached,
                on,
                plan_id=plan_id,
                state=BreachState(named),
                breached_on=on,
                expected_cents=expected,
                shortfall_cents=short,
            )
        else:
            self._trigger(self.PlanHealed, on, plan_id=plan_id, healed_on=on)

    class InstalmentMissed(Event):
        TOPIC = "arrears.instalment-missed"
        lease_id: UUID
        household_id: UUID
        plan_id: UUID
        number: int
        due_on: date
        judged_on: date
        instalment_cents: int

        def apply(self, case: "CasePlans") -> None:
            case.plans[self.plan_id].missed.append(self.number)

    class PlanBroken(Event):
        TOPIC = "arrears.repayment-plan-broken"
        lease_id: UUID
        household_id: UUID
        plan_id: UUID
        broken_on: date
        missed_in_a_row: int

        def apply(self, case: "CasePlans") -> None:
            case.plans[self.plan_id].state = "broken"
            _end(case, self.plan_id, "broken", self.broken_on)

    def miss_instalment(
        self, plan_id: UUID, number: int, due_on: date, on: date, cents: int, broken_after: int
    ) -> None:
        """An instalment's tolerance is over and the plan is behind, stated once an instalment.

        Records: InstalmentMissed, and RepaymentPlanBroken after `broken_after` in a row (BR-16; 0
        never).
        """
        plan = self.plans[plan_id]
        if plan.over or number in plan.missed:
            return
        self._trigger(
            self.InstalmentMissed,
            on,
            plan_id=plan_id,
            number=number,
            due_on=due_on,
            judged_on=on,
            instalment_cents=cents,
        )
        row = plan.missed_in_a_row
        if broken_after and row >= broken_after:
            self._trigger(self.PlanBroken, on, plan_id=plan_id, broken_on=on, missed_in_a_row=row)

    class PlanCancelled(Event):
        TOPIC = "arrears.repayment-plan-cancelled"
        lease_id: UUID
        household_id: UUID
        plan_id: UUID
        cancelled_on: date
        reason: CancelReason

        def apply(self, case: "CasePlans") -> None:
            case.plans[self.plan_id].state = "cancelled"
            _end(case, self.plan_id, "cancelled", self.cancelled_on)

    def cancel_plan(self, plan_id: UUID, reason: CancelReason, on: date) -> None:
        """Records: RepaymentPlanCancelled.   Refuses: UnknownPlan (404), PlanIsOver (409)."""
        plan = self.plans.get(plan_id)
        if plan is None:
            raise UnknownPlan("Ce plan n'existe pas dans ce dossier.")
        if plan.over:
            raise PlanIsOver("Ce plan est déjà terminé : rien n'est à annuler.")
        self._trigger(self.PlanCancelled, on, plan_id=plan_id, cancelled_on=on, reason=reason)

    def _trigger(self, event: type[Event], on: date, **values: Any) -> None:
        own = {"lease_id": self.lease_id, "household_id": self.household_id}
        self.trigger_event(event, occurred_on=on, **own, **values)


def line(shape: type[L], /, **values: Any) -> L:
    """A line of what was recorded, which was checked then."""
    return shape.model_construct(**values)


def _end(case: CasePlans, plan_id: UUID, how: str, on: date) -> None:
    case.plans[plan_id].ended_on = on
    case.lines[f"{plan_id}/ended"] = line(
        PlanEnded, what="plan-ended", plan=str(plan_id), how=how, on=on, reason=""
    )


_ALIKE = (
    "formal",
    "lump_sum_cents",
    "lump_sum_on",
    "instalment_cents",
    "first_due_on",
    "count",
    "ends_on",
    "strike_out_on",
    "suspended_years",
    "tolerance_days",
)
"""What a plan's terms and its event call alike."""
