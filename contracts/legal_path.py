"""Facts that arrears publishes of a debt before the court, up to an eviction, and of guidance.

They carry codes and days and no free text: papers stay with the court and the bailiff.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.arrears_cases import InCase, PolicyName
from contracts.words import Cents

JudgmentId = Annotated[UUID, Field(description="The judgment.")]


class BlockReason(StrEnum):
    """Why an eviction cannot be on a day."""

    WINTER_MORATORIUM = "winter-moratorium"
    NOT_AUTHORISED = "not-authorised"
    NOT_SERVED = "not-served"
    TOO_SOON_AFTER_SERVICE = "too-soon-after-service"
    WARNED_TOO_LATE = "warned-too-late"
    NOT_SCHEDULED = "not-scheduled"


class SuspensionReason(StrEnum):
    """Why an eviction that was scheduled does not take place."""

    DEBT_PAID = "debt-paid"
    PLAN_AGREED = "plan-agreed"
    JUDGE_DECIDED = "judge-decided"
    TENANT_LEFT = "tenant-left"
    COMPANY_DECIDED = "company-decided"


class CostKind(StrEnum):
    """What a cost of the legal path is for."""

    COURT = "court"
    SERVICE = "service"
    BAILIFF = "bailiff"
    LAWYER = "lawyer"


class StrikeReason(StrEnum):
    """Why an entry of the legal path was struck out."""

    WRONG_DAY = "wrong-day"
    WRONG_HOUSEHOLD = "wrong-household"
    NOTED_TWICE = "noted-twice"
    DID_NOT_HAPPEN = "did-not-happen"
    WRONG_DETAILS = "wrong-details"


class InLegalPath(InCase):
    """What every entry of the legal path may say."""

    struck_out_because: StrikeReason | None = None
    """Of a withdrawal alone: why the entry was struck out."""


class BudgetGuidanceAccepted(InLegalPath):
    """The household accepts the budget guidance of its public welfare centre (CPAS)."""

    TYPE: ClassVar[str] = "arrears.budget-guidance-accepted"
    answered_on: date
    """The day of the answer."""
    noted_on: date
    """The day on which it was noted here."""


class BudgetGuidanceRefused(InLegalPath):
    """The household refuses the budget guidance that was proposed: the winter moratorium then
    protects it no longer.
    """

    TYPE: ClassVar[str] = "arrears.budget-guidance-refused"
    answered_on: date
    """The day of the answer."""
    noted_on: date
    """The day on which it was noted here."""


class SafetyExceptionRecorded(InLegalPath):
    """A danger to safety lets an eviction take place in the winter moratorium."""

    TYPE: ClassVar[str] = "arrears.safety-exception-recorded"
    established_on: date
    """The day on which it was established."""
    noted_on: date
    """The day on which it was noted here."""


class CourtPetitionFiled(InLegalPath):
    """A petition was filed with the justice of the peace."""

    TYPE: ClassVar[str] = "arrears.court-petition-filed"
    filed_on: date
    """The day on which it was registered; any day of the year."""
    claim_cents: Cents
    """What is claimed, euro cents."""


class HearingFixed(InLegalPath):
    """The court fixed the day of a hearing, or moved it: the last one counts."""

    TYPE: ClassVar[str] = "arrears.hearing-fixed"
    hearing_on: date
    """The day of the hearing."""
    noted_on: date
    """The day on which it was noted here."""


class JudgmentGiven(InLegalPath):
    """The justice of the peace gave judgment."""

    TYPE: ClassVar[str] = "arrears.judgment-given"
    judgment_id: JudgmentId
    given_on: date
    """The day of the judgment."""
    claim_cents: Cents
    """What the tenant is ordered to pay, euro cents."""
    terms_granted: bool
    """Whether the judge granted terms: an eviction is off while they are kept."""
    eviction_authorised: bool
    """Whether the judgment authorises an eviction."""
    noted_on: date
    """The day on which it was noted here."""
    no_eviction_before: date | None = None
    """The first day that the judge allows, where that is not a month after service."""


class JudgmentServed(InLegalPath):
    """The bailiff served the judgment on the tenant."""

    TYPE: ClassVar[str] = "arrears.judgment-served"
    judgment_id: JudgmentId
    served_on: date
    """The day of service."""
    earliest_eviction_on: date
    """The first day on which an eviction may take place by it."""
    noted_on: date
    """The day on which it was noted here."""


class EvictionScheduled(InLegalPath):
    """The bailiff fixed the day of an eviction, and no rule stands against it as known now."""

    TYPE: ClassVar[str] = "arrears.eviction-scheduled"
    judgment_id: JudgmentId
    evict_on: date
    """The day fixed."""
    warned_on: date
    """The day on which the bailiff told the tenant of it."""
    noted_on: date
    """The day on which it was noted here."""


class EvictionBlocked(InCase):
    """An eviction on a day was refused by a rule: nothing was scheduled, or noted as executed."""

    TYPE: ClassVar[str] = "arrears.eviction-blocked"
    evict_on: date
    """The day that was asked for."""
    blocked_on: date
    """The day on which it was refused."""
    reasons: Annotated[list[BlockReason], Field(min_length=1)]
    """Every rule that stands against it."""
    policy: PolicyName | None = None
    """The policy whose moratorium was asked; absent where none rules."""
    policy_version: PolicyName | None = None
    """The version of the policy's document."""


class EvictionSuspended(InLegalPath):
    """An eviction that was scheduled does not take place on its day."""

    TYPE: ClassVar[str] = "arrears.eviction-suspended"
    evict_on: date
    """The day that had been fixed."""
    suspended_on: date
    """The day on which it was called off."""
    reason: SuspensionReason
    """Why, in one of a few words."""


class EvictionExecuted(InLegalPath):
    """The bailiff executed an eviction."""

    TYPE: ClassVar[str] = "arrears.eviction-executed"
    judgment_id: JudgmentId
    executed_on: date
    """The day of the eviction."""
    noted_on: date
    """The day on which it was noted here."""


class CourtCostsIncurred(InLegalPath):
    """A cost of the legal path, which is kept apart from rent and from the arrears rate (BR-04)."""

    TYPE: ClassVar[str] = "arrears.court-costs-incurred"
    kind: CostKind
    """What it is for."""
    cost_cents: Cents
    """Euro cents."""
    incurred_on: date
    """The day on which it arose."""
