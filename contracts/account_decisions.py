"""Facts that arrears publishes of money that people decided on: written off, given back."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.words import Cents, Fact, HouseholdId, LeaseId


class WriteOffReason(StrEnum):
    """Why a debt is no longer asked for."""

    PRESCRIBED = "prescribed"
    DEBT_SETTLEMENT = "debt-settlement"
    NO_ESTATE = "no-estate"
    COURT_DECISION = "court-decision"
    SMALL_AMOUNT = "small-amount"
    COST_EXCEEDS_DEBT = "cost-exceeds-debt"


class DecidedBy(StrEnum):
    """Who decided it; who noted it is the fact's actor."""

    BOARD = "board"
    MANAGER = "manager"
    COURT = "court"


class CreditReturnReason(StrEnum):
    """Why a household's credit leaves an account."""

    LEASE_ENDED = "lease-ended"
    PAID_TWICE = "paid-twice"
    AT_REQUEST = "at-request"
    TRANSFERRED = "transferred"


class ArrearsWrittenOff(Fact):
    """A part of what is owed is no longer asked for (BR-02); withdrawn when it was a mistake."""

    TYPE: ClassVar[str] = "arrears.arrears-written-off"
    write_off_id: Annotated[UUID, Field(description="This decision.")]
    lease_id: LeaseId
    household_id: HouseholdId
    amount_cents: Cents
    """Euro cents that are no longer asked for, above 0."""
    written_off_on: date
    """The day of the decision: from this day on nothing of it is owed."""
    reason: WriteOffReason
    """Why it is no longer asked for."""
    decided_by: DecidedBy
    """Who decided it."""


class CreditReturned(Fact):
    """What a household had paid too much left its account; withdrawn when it was a mistake."""

    TYPE: ClassVar[str] = "arrears.credit-returned"
    credit_return_id: Annotated[UUID, Field(description="This act.")]
    lease_id: LeaseId
    household_id: HouseholdId
    amount_cents: Cents
    """Euro cents that left the account, above 0."""
    returned_on: date
    """From this day on the money is no longer on the account (BR-02)."""
    reason: CreditReturnReason
    """Why it left."""
    to_lease_id: LeaseId | None = None
    """Another lease of the same household, on which it came in as a payment; absent when it was
    paid out.
    """
