"""Facts that arrears publishes of repayment plans: agreed, watched each night, ended."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from contracts.arrears_cases import (
    BreachState,
    CancelReason,
    InCase,
    InstalmentFrequency,
    PlanId,
    PlanMethod,
    PlanWith,
)
from contracts.words import Cents


class RepaymentPlanAgreed(InCase):
    """A household pays its debt by a lump sum, instalments, or both, beside the current rent."""

    TYPE: ClassVar[str] = "arrears.repayment-plan-agreed"
    plan_id: PlanId
    agreed_on: date
    """The day of the agreement."""
    agreed_with: PlanWith
    """With whom it was agreed."""
    method: PlanMethod
    """By what it is watched."""
    formal: bool
    """A judge's or a notary's plan, which an informal one cannot replace."""
    starting_cents: int
    """What was owed when it was agreed, euro cents, or as the parties stated it."""
    lump_sum_cents: Cents = 0
    """Euro cents paid at once, before or beside instalments."""
    lump_sum_on: date | None = None
    """The day on which the lump sum is due."""
    instalment_cents: Cents = 0
    """Euro cents an instalment."""
    frequency: InstalmentFrequency | None = None
    """How often an instalment is due."""
    first_due_on: date | None = None
    """The day of the first instalment; the others follow by the frequency."""
    count: Annotated[int, Field(ge=1)] | None = None
    """How many instalments; absent: until the debt is paid."""
    ends_on: date | None = None
    """No instalment is due after it."""
    strike_out_on: date | None = None
    """On this day a formal plan becomes informal."""
    suspended_years: int | None = None
    """Suspended on terms: completed after so many years, whatever is left."""
    tolerance_days: int
    """An instalment counts from its due day plus so many days."""


class RepaymentPlanBreached(InCase):
    """A plan fell behind, stated once a change. It heals when the money comes."""

    TYPE: ClassVar[str] = "arrears.repayment-plan-breached"
    plan_id: PlanId
    state: BreachState
    """How far it is behind."""
    breached_on: date
    """The day at whose end it was behind."""
    expected_cents: int
    """What was to be owed by then; of a plan watched by its instalments, what was to be paid."""
    shortfall_cents: int
    """By how much it is behind, euro cents."""


class RepaymentPlanHealed(InCase):
    """A plan that was behind is kept again."""

    TYPE: ClassVar[str] = "arrears.repayment-plan-healed"
    plan_id: PlanId
    healed_on: date
    """The day at whose end it was kept again."""


class InstalmentMissed(InCase):
    """An instalment's tolerance was over and the plan was behind (BR-15)."""

    TYPE: ClassVar[str] = "arrears.instalment-missed"
    plan_id: PlanId
    number: int
    """The instalment's number in its plan, from 1; 0 is the lump sum."""
    due_on: date
    """The day on which it was due."""
    judged_on: date
    """The due day plus the tolerance."""
    instalment_cents: Cents
    """Euro cents of the instalment."""


class RepaymentPlanCompleted(InCase):
    """Nothing is owed any more, or a suspension on terms is over."""

    TYPE: ClassVar[str] = "arrears.repayment-plan-completed"
    plan_id: PlanId
    completed_on: date
    """The day at whose end nothing was owed, or on which the terms were over."""


class RepaymentPlanBroken(InCase):
    """A plan ended because instalments in a row were missed (BR-16)."""

    TYPE: ClassVar[str] = "arrears.repayment-plan-broken"
    plan_id: PlanId
    broken_on: date
    """The day on which the last of them was judged."""
    missed_in_a_row: int
    """How many instalments were missed one after the other."""


class RepaymentPlanCancelled(InCase):
    """A plan ended before its time."""

    TYPE: ClassVar[str] = "arrears.repayment-plan-cancelled"
    plan_id: PlanId
    cancelled_on: date
    """The day on which it ended."""
    reason: CancelReason
    """Why, in one of a few words."""
