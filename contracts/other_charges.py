"""Facts that arrears publishes of what a household owes besides rent, each kind kept apart (BR-04).

None of it is summed with rent: it enters no arrears, no month in arrears and no indicator.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.words import Cents, Fact, HouseholdId, LeaseId, PaymentId

CHARGE_REFERENCE = (
    r"^[A-Za-z]{0,4}(?:[./-][A-Za-z]{0,4}){0,5}[0-9][A-Za-z]{0,4}(?:[0-9./-][A-Za-z]{0,4}){0,38}$"
)
ChargeReference = Annotated[str, Field(pattern=CHARGE_REFERENCE, max_length=40)]
"""The number of a bill or a decision: a digit at least, four letters together at most; no name."""


class OtherChargeKind(StrEnum):
    """What is owed besides rent and its service charges."""

    DEPOSIT = "deposit"
    COURT_COSTS = "court-costs"
    REPAIRS = "repairs"
    FEES = "fees"


class OtherChargeRecorded(Fact):
    """Something is owed besides rent; corrected in amount and day, withdrawn when never due.

    Court costs are the facts of the legal path (`arrears.court-costs-incurred`) and not this one.
    """

    TYPE: ClassVar[str] = "arrears.other-charge-recorded"
    other_charge_id: Annotated[UUID, Field(description="This charge.")]
    lease_id: LeaseId
    household_id: HouseholdId
    kind: OtherChargeKind
    """Of which kind it is: each has a balance of its own (BR-04)."""
    amount_cents: Cents
    """Euro cents, above 0."""
    due_on: date
    """The day on which it is due."""
    reference: ChargeReference
    """The number of its bill or decision."""


class OtherChargePaid(Fact):
    """A payment, or a part of it, was for another kind: it is not the rent account's.

    Withdrawn when it was a mistake, when the bank takes the payment back, or when the payment turns
    out to be another lease's.
    """

    TYPE: ClassVar[str] = "arrears.other-charge-paid"
    other_charge_payment_id: Annotated[UUID, Field(description="This act.")]
    lease_id: LeaseId
    household_id: HouseholdId
    payment_id: PaymentId
    kind: OtherChargeKind
    """What it paid."""
    amount_cents: Cents
    """Euro cents that left the rent account for it, above 0."""
    value_date: date
    """The payment's own: from this day on the money is not on the rent account (BR-02)."""
