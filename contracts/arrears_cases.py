"""Facts that arrears publishes of a household in arrears: policy, steps, pauses, repayment plans.

They carry codes and no free text: why somebody decided is one of a few words.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.words import Cents, Fact, HouseholdId, LeaseId

PlanId = Annotated[UUID, Field(description="The repayment plan.")]
StepId = Annotated[UUID, Field(description="The step that was taken, once.")]
StepName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
"""A step's name in the company's policy."""
PolicyName = Annotated[str, Field(max_length=60)]


class OverrideReason(StrEnum):
    """Why an officer did not follow the step that policy proposed."""

    AGREED_OTHERWISE = "agreed-otherwise"
    PAYMENT_EXPECTED = "payment-expected"
    DATA_IS_WRONG = "data-is-wrong"
    HOUSEHOLD_IS_VULNERABLE = "household-is-vulnerable"
    PARTNER_IS_ACTING = "partner-is-acting"


class PauseReason(StrEnum):
    """Why nothing is sent to a household for a while."""

    ILLNESS = "illness"
    BEREAVEMENT = "bereavement"
    BENEFIT_AWAITED = "benefit-awaited"
    DOCUMENTS_AWAITED = "documents-awaited"
    PARTNER_IS_ACTING = "partner-is-acting"


class Circumstance(StrEnum):
    """What stops sending until it is over."""

    HARDSHIP = "hardship"
    HARDSHIP_ENDED = "hardship-ended"
    DISPUTE = "dispute"
    DISPUTE_SETTLED = "dispute-settled"


class PlanWith(StrEnum):
    """With whom a plan was agreed."""

    TENANT = "tenant"
    CPAS = "cpas"
    JUDGE = "judge"


class PlanMethod(StrEnum):
    """By what a plan is watched: the balance that is to fall, or the money paid to it."""

    BALANCE_REDUCTION = "balance-reduction"
    INSTALMENTS_ONLY = "instalments-only"


class InstalmentFrequency(StrEnum):
    """How often an instalment is due."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four-weekly"
    MONTHLY = "monthly"
    ONE_OFF = "one-off"


class CancelReason(StrEnum):
    """Why a plan was cancelled: another took its place, or a person ended it."""

    REPLACED = "replaced"
    HOUSEHOLD_ASKED = "household-asked"
    AGREED_BY_MISTAKE = "agreed-by-mistake"
    LEASE_ENDED = "lease-ended"


class BreachState(StrEnum):
    """How far a plan is behind; of one watched by its instalments, by at most one period or more.

    `breached`: more is owed than the plan expected.
    """

    BREACHED = "breached"
    LATE = "late"
    LATE_BY_MORE = "late-by-more"


class PolicyAdopted(Fact):
    """From now on the company's steps are proposed by this document, where it applies."""

    TYPE: ClassVar[str] = "arrears.policy-adopted"
    policy: PolicyName
    """The policy's name."""
    policy_version: PolicyName
    """The version of the policy's document."""
    adopted_on: date
    """The day on which a person adopted it."""
    applies_from: date
    """The first day that it answers for."""
    earlier_days: bool
    """Whether it also answers for days before it was adopted."""
    earlier_steps: bool
    """Whether steps taken before `applies_from` have effect by it, not by the rules of then."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the document's bytes (UTF-8)."""
    document: Annotated[str, Field(max_length=200_000)]
    """The document itself, YAML or JSON, as it was given."""


class InCase(Fact):
    """What every fact of a household in arrears names."""

    lease_id: LeaseId
    household_id: HouseholdId


class StepProposed(InCase):
    """What policy proposes for an account changed: recorded once, when it changed."""

    TYPE: ClassVar[str] = "arrears.step-proposed"
    step: StepName | None = None
    """The one step proposed; absent when nothing is due any more."""
    rule: StepName | None = None
    """The rule of the policy that matched; absent for its default."""
    also_matching: list[StepName]
    """The other rules that matched, which rank behind it."""
    policy: PolicyName
    """The policy's name."""
    policy_version: PolicyName
    """The version of the policy's document."""
    proposed_on: date
    """The day on which it changed."""
    balance_cents: int
    """What the account owed then, euro cents; below 0 when more was paid."""
    rests_on: int
    """It rests on what this service's log held up to this position."""


class StepTaken(InCase):
    """A step of the ladder was taken, or its message sent, after it was judged again."""

    TYPE: ClassVar[str] = "arrears.step-taken"
    step_id: StepId
    step: StepName
    """The step's name in the policy."""
    means: StepName | None = None
    """Under which name the step is counted, whatever a policy calls it: `reminder`, `petition`."""
    is_message: bool
    """Whether it is a message to the household."""
    taken_on: date
    """The day on which it was taken."""
    balance_cents: int
    """What the account owed then, euro cents."""
    fee_cents: Cents
    """The fee that the policy lets it bear, euro cents; the first reminder bears none."""
    policy: PolicyName
    """The policy's name."""
    policy_version: PolicyName
    """The version of the policy's document."""
    proposed: bool
    """Whether it is the step that policy proposed then."""
    noted_on: date | None = None
    """The day on which it was noted, where that is later than `taken_on`."""


class StepStopped(InCase):
    """A step was not taken: judged again at that moment, something stopped it."""

    TYPE: ClassVar[str] = "arrears.step-stopped"
    step: StepName
    """The step's name in the policy."""
    stopped_on: date
    """The day on which it was to be taken."""
    reasons: list[StepName]
    """`paid`, `plan-active`, `hardship`, `dispute`, `paused`, `formal-path`, `moratorium`,
    `bank-data-stale`, `not-the-tenant`, `deceased`: every one that held."""
    balance_cents: int
    """What the account owed then, euro cents."""
    policy: PolicyName
    """The policy's name."""
    policy_version: PolicyName
    """The version of the policy's document."""


class ProposalOverridden(InCase):
    """A person decided otherwise than policy proposed; it is proposed again when it changes."""

    TYPE: ClassVar[str] = "arrears.proposal-overridden"
    step: StepName
    """The step that was proposed."""
    reason: OverrideReason
    """Why, in one of a few words."""
    overridden_on: date
    """The day on which it was set aside."""


class CasePaused(InCase):
    """Nothing is sent until a person has looked again."""

    TYPE: ClassVar[str] = "arrears.case-paused"
    reason: PauseReason
    """Why, in one of a few words."""
    paused_on: date
    """The day from which nothing is sent."""
    review_on: date
    """The day on which it is to be looked at again."""


class CaseResumed(InCase):
    """A pause is over."""

    TYPE: ClassVar[str] = "arrears.case-resumed"
    resumed_on: date
    """The day on which the pause ended."""


class CircumstanceRecorded(InCase):
    """Something that stops sending holds from now on, or is over."""

    TYPE: ClassVar[str] = "arrears.circumstance-recorded"
    circumstance: Circumstance
    """What holds, or what is over."""
    known_on: date
    """The day on which it became known."""
