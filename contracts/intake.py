"""Facts that intake publishes: dwellings, leases, welcome."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from contracts.words import (
    Cents,
    DwellingId,
    Fact,
    HouseholdId,
    LeaseId,
    Origin,
    PaymentReference,
    Sealed,
)

Reference = Annotated[str, Field(min_length=1, max_length=40)]


class WelcomeMode(StrEnum):
    OFFICE = "office"
    HOME = "home"
    PHONE = "phone"


class EndReason(StrEnum):
    NOTICE = "notice"
    DEATH = "death"
    TRANSFER = "transfer"
    EVICTION = "eviction"
    ABANDONED = "abandoned"
    TERMINATION = "termination"


class Leaseholder(BaseModel):
    """A person who signed a lease. `name` and `contact` are sealed with the person's key."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    person_id: str
    name: Sealed
    contact: Sealed | None = None


class DwellingRegistered(Fact):
    """A dwelling entered the company's stock. `reference` is the company's own number for it."""

    TYPE: ClassVar[str] = "intake.dwelling-registered"
    dwelling_id: DwellingId
    reference: Reference
    registered_on: date
    bedrooms: int | None = Field(None, ge=0, le=20)


class DwellingLet(Fact):
    """A dwelling is let from a day on, under one lease."""

    TYPE: ClassVar[str] = "intake.dwelling-let"
    dwelling_id: DwellingId
    lease_id: LeaseId
    let_from: date


class DwellingVacated(Fact):
    """A dwelling is empty from a day on; `lease_id` is the lease it was let under."""

    TYPE: ClassVar[str] = "intake.dwelling-vacated"
    dwelling_id: DwellingId
    lease_id: LeaseId
    vacant_from: date


class LeaseSigned(Fact):
    """A household rents a dwelling from `start_on` on.

    Units: `rent_cents` and `charges_cents` a month. `payment_reference` is the structured
    communication that the household pays with. `origin` is `imported` for stock taken over: then
    `welcomed_on` says when the tenant was welcomed, if that is known. `transfer_of` names the
    lease in the same company that this one follows (no new tenant: BR-24).
    """

    TYPE: ClassVar[str] = "intake.lease-signed"
    lease_id: LeaseId
    reference: Reference
    household_id: HouseholdId
    dwelling_id: DwellingId
    dwelling_reference: Reference
    start_on: date
    rent_cents: Cents
    charges_cents: Cents
    payment_reference: PaymentReference
    leaseholders: list[Leaseholder]
    origin: Origin
    welcomed_on: date | None = None
    transfer_of: LeaseId | None = None


class TenantWelcomed(Fact):
    """A welcome meeting was held with the household of a lease."""

    TYPE: ClassVar[str] = "intake.tenant-welcomed"
    lease_id: LeaseId
    household_id: HouseholdId
    held_on: date
    mode: WelcomeMode


class LeaseEnded(Fact):
    """A lease ended; `ended_on` is its last day."""

    TYPE: ClassVar[str] = "intake.lease-ended"
    lease_id: LeaseId
    household_id: HouseholdId
    ended_on: date
    reason: EndReason


class TransferCompleted(Fact):
    """A household moved from one dwelling of the company to another: two leases, one tenancy."""

    TYPE: ClassVar[str] = "intake.transfer-completed"
    from_lease_id: LeaseId
    to_lease_id: LeaseId
    household_id: HouseholdId
    completed_on: date


class DayClosed(Fact):
    """Intake's clock passed the midnight after `day`: nothing more is recorded on it."""

    TYPE: ClassVar[str] = "intake.day-closed"
    day: date
