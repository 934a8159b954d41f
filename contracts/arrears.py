"""Facts that arrears publishes: rent, money, what is late."""

import datetime
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from contracts.words import (
    Cents,
    ChargeId,
    Fact,
    HouseholdId,
    LeaseId,
    Month,
    PaymentId,
    PaymentReference,
)


class MatchedBy(StrEnum):
    STRUCTURED_COMMUNICATION = "structured-communication"
    OFFICER = "officer"


class UnmatchedReason(StrEnum):
    NO_REFERENCE = "no-reference"
    WRONG_CHECK_DIGITS = "wrong-check-digits"
    UNKNOWN_REFERENCE = "unknown-reference"
    LEASE_WITHDRAWN = "lease-withdrawn"
    ASSIGNED_WRONGLY = "assigned-wrongly"


class AllocationLine(BaseModel):
    """A part of a payment that pays a part of a charge."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    charge_id: ChargeId
    cents: Cents


class RentAccountOpened(Fact):
    """A lease has a rent account. One account a lease, for present and departed tenants alike."""

    TYPE: ClassVar[str] = "arrears.rent-account-opened"
    lease_id: LeaseId
    household_id: HouseholdId
    opened_on: date


class RentAccountClosed(Fact):
    """The lease of an account was withdrawn: it never was, and nothing is owed on it."""

    TYPE: ClassVar[str] = "arrears.rent-account-closed"
    lease_id: LeaseId
    household_id: HouseholdId
    closed_on: date


class RentCharged(Fact):
    """One month's rent and charges fell due on `due_on` (BR-01: the 10th)."""

    TYPE: ClassVar[str] = "arrears.rent-charged"
    charge_id: ChargeId
    lease_id: LeaseId
    household_id: HouseholdId
    month: Month
    due_on: date
    rent_cents: Cents
    charges_cents: Cents


class PaymentReceived(Fact):
    """Money came in for a lease, with the bank's value date."""

    TYPE: ClassVar[str] = "arrears.payment-received"
    payment_id: PaymentId
    lease_id: LeaseId
    household_id: HouseholdId
    amount_cents: Cents
    value_date: date
    matched_by: MatchedBy


class PaymentReversed(Fact):
    """The bank took money back on `value_date`; `payment_id` is the payment it undoes, if found."""

    TYPE: ClassVar[str] = "arrears.payment-reversed"
    reversal_id: PaymentId
    payment_id: PaymentId | None = None
    lease_id: LeaseId
    household_id: HouseholdId
    amount_cents: Cents
    value_date: date


class PaymentAllocated(Fact):
    """Which charges a payment pays, oldest due first. Corrected whole whenever that changes."""

    TYPE: ClassVar[str] = "arrears.payment-allocated"
    payment_id: PaymentId
    lease_id: LeaseId
    lines: list[AllocationLine]


class PaymentUnmatched(Fact):
    """Money came in that names no lease we know. It waits under its reference, or for a person."""

    TYPE: ClassVar[str] = "arrears.payment-unmatched"
    payment_id: PaymentId
    amount_cents: Cents
    value_date: date
    reason: UnmatchedReason
    payment_reference: PaymentReference | None = None


class PaymentMatched(Fact):
    """Money that had matched nothing was assigned to a lease, by its reference or by a person."""

    TYPE: ClassVar[str] = "arrears.payment-matched"
    payment_id: PaymentId
    lease_id: LeaseId
    matched_by: MatchedBy


class PaymentMissed(Fact):
    """A month's rent was not fully paid after its due day plus grace days.

    Stated once a month and lease, only when bank statements are complete up to `judged_on`.
    """

    TYPE: ClassVar[str] = "arrears.payment-missed"
    lease_id: LeaseId
    household_id: HouseholdId
    charge_id: ChargeId
    month: Month
    due_on: date
    unpaid_cents: Cents
    judged_on: date


class ArrearsCleared(Fact):
    """An account with missed payments owes nothing any more."""

    TYPE: ClassVar[str] = "arrears.arrears-cleared"
    lease_id: LeaseId
    household_id: HouseholdId
    cleared_on: date


class BankStatementImported(Fact):
    """A bank statement was taken over whole. `account` is the company's own bank account."""

    TYPE: ClassVar[str] = "arrears.bank-statement-imported"
    account: Annotated[str, Field(max_length=40)]
    number: Annotated[str, Field(max_length=10)]
    date: datetime.date
    opening_cents: int
    closing_cents: int
    movements: int
    fingerprint: str


class DueDayJudged(Fact):
    """Every charge due on `due_on` was judged: who had paid by `judged_on`, who had not."""

    TYPE: ClassVar[str] = "arrears.due-day-judged"
    due_on: date
    judged_on: date
    missed: int


class DayClosed(Fact):
    """Arrears' clock passed the midnight after `day`; bank data was complete until then."""

    TYPE: ClassVar[str] = "arrears.day-closed"
    day: date
    bank_complete_until: date | None = None
