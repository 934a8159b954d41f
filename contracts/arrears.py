"""Facts that arrears publishes: rent, money, what is late."""

import datetime
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from contracts.words import (
    CONTRACT,
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
    """The payer's structured communication, or an officer who assigned it."""

    STRUCTURED_COMMUNICATION = "structured-communication"
    OFFICER = "officer"


class PaidBy(StrEnum):
    """Who paid, where that was said."""

    TENANT = "tenant"
    CPAS = "cpas"
    OTHER = "other"


class UnmatchedReason(StrEnum):
    """Why money matched no lease; `assigned-wrongly`: an officer took an assignment back."""

    NO_REFERENCE = "no-reference"
    WRONG_CHECK_DIGITS = "wrong-check-digits"
    UNKNOWN_REFERENCE = "unknown-reference"
    LEASE_WITHDRAWN = "lease-withdrawn"
    ASSIGNED_WRONGLY = "assigned-wrongly"


class AllocationLine(BaseModel):
    """A part of a payment that pays a part of a charge."""

    model_config = CONTRACT
    charge_id: ChargeId
    cents: Cents
    """Euro cents of the payment that pay this charge, above 0."""


class RentAccountOpened(Fact):
    """A lease has a rent account. One account a lease, for present and departed tenants alike."""

    TYPE: ClassVar[str] = "arrears.rent-account-opened"
    lease_id: LeaseId
    household_id: HouseholdId
    opened_on: date
    """The day that the account counts from: the lease's start, or its end when that was heard
    first.
    """


class RentAccountClosed(Fact):
    """The lease of an account was withdrawn: it never was, and nothing is owed on it."""

    TYPE: ClassVar[str] = "arrears.rent-account-closed"
    lease_id: LeaseId
    household_id: HouseholdId
    closed_on: date
    """The day on which the lease's withdrawal was heard."""


class RentCharged(Fact):
    """One month's rent and charges fell due on `due_on` (BR-01: the 10th), or one period's.

    A rent that is not monthly has a charge a period, of which several may begin in one `month`:
    what is counted is charges, each once, on their due day, never months.
    """

    TYPE: ClassVar[str] = "arrears.rent-charged"
    charge_id: ChargeId
    lease_id: LeaseId
    household_id: HouseholdId
    month: Month
    """The calendar month charged, `YYYY-MM`; of a period, the month of its first day."""
    due_on: date
    """The day by which it must be paid: the 10th, or a period's first day, unless the rent roll
    says otherwise (BR-01).
    """
    rent_cents: Cents
    """The month's or the period's rent in euro cents."""
    charges_cents: Cents
    """The month's or the period's service charges in euro cents, beside the rent."""
    period_start: date | None = None
    """First day of the period, of a rent that is not monthly; absent of a month, like the next."""
    period_end: date | None = None
    """Last day of the period."""
    periods_a_year: int | None = None
    """How many such periods a year are charged: 26, 13, or 46 to 53 weeks. What a charge comes to a
    month is its cents times this, divided by 12, half up (BR-03).
    """


class PaymentReceived(Fact):
    """Money came in for a lease, with the bank's value date."""

    TYPE: ClassVar[str] = "arrears.payment-received"
    payment_id: PaymentId
    lease_id: LeaseId
    household_id: HouseholdId
    amount_cents: Cents
    """Euro cents that came in."""
    value_date: date
    """The bank's value date: from this day on the money counts (BR-02)."""
    matched_by: MatchedBy
    """What led from the money to the lease."""
    paid_by: PaidBy | None = None
    """Who paid, where the company's own list said so; a bank statement does not."""


class PaymentReversed(Fact):
    """The bank took money back on `value_date`; `payment_id` is the payment it undoes, if found."""

    TYPE: ClassVar[str] = "arrears.payment-reversed"
    reversal_id: PaymentId = Field(description="The movement that took it back, as an id.")
    payment_id: PaymentId | None = None
    """The payment that it undoes; absent when none of that amount was found."""
    lease_id: LeaseId
    household_id: HouseholdId
    amount_cents: Cents
    """Euro cents taken back, above 0."""
    value_date: date
    """The bank's value date: from this day on the money is gone (BR-02)."""


class PaymentAllocated(Fact):
    """Which charges a payment pays, oldest due first. Corrected whole whenever that changes."""

    TYPE: ClassVar[str] = "arrears.payment-allocated"
    payment_id: PaymentId
    lease_id: LeaseId
    lines: list[AllocationLine]
    """Each charge that is paid and by how much; empty when the payment pays none any more. What is
    left over is credit.
    """


class PaymentUnmatched(Fact):
    """Money came in that names no lease we know. It waits under its reference, or for a person."""

    TYPE: ClassVar[str] = "arrears.payment-unmatched"
    payment_id: PaymentId
    amount_cents: Cents
    """Euro cents that came in."""
    value_date: date
    """The bank's value date."""
    reason: UnmatchedReason
    """Why it matched no lease."""
    payment_reference: PaymentReference | None = None
    """The twelve digits that the payer gave, if they are valid."""


class PaymentMatched(Fact):
    """Money that had matched nothing was assigned to a lease, by its reference or by a person."""

    TYPE: ClassVar[str] = "arrears.payment-matched"
    payment_id: PaymentId
    lease_id: LeaseId
    matched_by: MatchedBy
    """What led from the money to the lease."""


class PaymentMissed(Fact):
    """A month's or a period's rent was not fully paid after its due day plus grace days.

    Stated once a charge, only when bank statements are complete up to `judged_on`.
    """

    TYPE: ClassVar[str] = "arrears.payment-missed"
    lease_id: LeaseId
    household_id: HouseholdId
    charge_id: ChargeId
    month: Month
    """The calendar month that is late, `YYYY-MM`; of a period, the month of its first day."""
    due_on: date
    """The day by which it had to be paid (BR-01)."""
    unpaid_cents: Cents
    """Euro cents of the charge that were not paid by `judged_on`, above 0 (BR-02)."""
    judged_on: date
    """The due day plus grace days: money valued by then counts."""
    period_start: date | None = None
    """First day of the period that is late, of a rent that is not monthly; absent of a month."""


class ArrearsCleared(Fact):
    """An account with missed payments owes nothing any more."""

    TYPE: ClassVar[str] = "arrears.arrears-cleared"
    lease_id: LeaseId
    household_id: HouseholdId
    cleared_on: date
    """The value date of the money after which nothing was owed (BR-02)."""


class BankStatementImported(Fact):
    """A bank statement was taken over whole. `account` is the company's own bank account."""

    TYPE: ClassVar[str] = "arrears.bank-statement-imported"
    account: Annotated[str, Field(max_length=40)]
    """The company's own bank account: IBAN, or the old twelve digits."""
    number: Annotated[str, Field(max_length=10)]
    """The bank's number of the statement; banks use one again."""
    date: datetime.date
    """The day of the statement, as the bank says it."""
    opening_cents: int
    """Balance before, euro cents; below 0 when overdrawn."""
    closing_cents: int
    """Balance after, euro cents; opening plus movements."""
    movements: int
    """How many movements it holds, in and out."""
    fingerprint: str
    """What its movements say, as a digest: same identity and another fingerprint is a conflict."""


class DueDayJudged(Fact):
    """Every charge due on `due_on` was judged: who had paid by `judged_on`, who had not."""

    TYPE: ClassVar[str] = "arrears.due-day-judged"
    due_on: date
    """The due day (BR-01)."""
    judged_on: date
    """The due day plus grace days: money valued by then counts."""
    missed: int
    """How many charges were found not fully paid; each has its `payment-missed`."""


class DayClosed(Fact):
    """Arrears' clock passed the midnight after `day`; bank data was complete until then."""

    TYPE: ClassVar[str] = "arrears.day-closed"
    day: date
    """The day that is over, Europe/Brussels."""
    bank_complete_until: date | None = None
    """The last day that bank statements cover without a gap; absent before the first one."""
