"""Facts that intake publishes: dwellings, leases, welcome."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from contracts.words import (
    CONTRACT,
    Cents,
    DwellingId,
    Fact,
    HouseholdId,
    LeaseId,
    Origin,
    PaymentReference,
    RentPeriod,
    Sealed,
)

Reference = Annotated[str, Field(min_length=1, max_length=40)]


class WelcomeMode(StrEnum):
    """Where or how a welcome meeting was held."""

    OFFICE = "office"
    HOME = "home"
    PHONE = "phone"


class Language(StrEnum):
    """In which language a household is written to."""

    FR = "fr"
    NL = "nl"
    DE = "de"
    EN = "en"


class EndReason(StrEnum):
    """Why a lease ended; `termination`: by the company or a court."""

    NOTICE = "notice"
    DEATH = "death"
    TRANSFER = "transfer"
    EVICTION = "eviction"
    ABANDONED = "abandoned"
    TERMINATION = "termination"


class SuspensionReason(StrEnum):
    """Why a vacant dwelling cannot be let; `unfit`: it does not meet the norms of health."""

    WORKS = "works"
    SALE = "sale"
    DEMOLITION = "demolition"
    DAMAGE = "damage"
    UNFIT = "unfit"
    OTHER = "other"


class Leaseholder(BaseModel):
    """A person who signed a lease. Name, contact and address are sealed with the person's key."""

    model_config = CONTRACT
    person_id: str
    """The person's id in the keyring: whose key sealed `name`, `contact` and `address`."""
    name: Sealed
    """The name, sealed."""
    contact: Sealed | None = None
    """Telephone or address for messages, sealed; absent when not given."""
    address: Sealed | None = None
    """Where letters are sent, sealed: one line, its parts between commas; absent when not given."""
    language: Language | None = None
    """In which language letters are written; absent when not given."""


class DwellingRegistered(Fact):
    """A dwelling entered the company's stock. `reference` is the company's own number for it."""

    TYPE: ClassVar[str] = "intake.dwelling-registered"
    dwelling_id: DwellingId
    reference: Reference
    """The company's own number of the dwelling."""
    registered_on: date
    """The day on which it entered the stock."""
    bedrooms: int | None = Field(None, ge=0, le=20)
    """Number of bedrooms; absent when not known."""


class DwellingLet(Fact):
    """A dwelling is let from a day on, under one lease."""

    TYPE: ClassVar[str] = "intake.dwelling-let"
    dwelling_id: DwellingId
    lease_id: LeaseId
    let_from: date
    """First day of the letting."""


class DwellingVacated(Fact):
    """A dwelling is empty from a day on; `lease_id` is the lease it was let under."""

    TYPE: ClassVar[str] = "intake.dwelling-vacated"
    dwelling_id: DwellingId
    lease_id: LeaseId
    vacant_from: date
    """First day without a tenant: the day after the lease's last."""


class LettingSuspended(Fact):
    """A vacant dwelling cannot be let from a day on (*non louable*), until its letting resumes.

    A withdrawal says that it could be let all the time.
    """

    TYPE: ClassVar[str] = "intake.letting-suspended"
    dwelling_id: DwellingId
    unlettable_from: date
    """First day on which it cannot be let."""
    reason: SuspensionReason
    """Why."""


class LettingResumed(Fact):
    """A vacant dwelling can be let again (*louable*) from a day on.

    A withdrawal says that it still cannot.
    """

    TYPE: ClassVar[str] = "intake.letting-resumed"
    dwelling_id: DwellingId
    lettable_from: date
    """First day on which it can be let again."""


class LeaseSigned(Fact):
    """A household rents a dwelling from `start_on` on.

    Subject: the lease. A correction moves what others did about it, a withdrawal undoes it.
    """

    TYPE: ClassVar[str] = "intake.lease-signed"
    lease_id: LeaseId
    reference: Reference
    """The company's own number of the lease."""
    household_id: HouseholdId
    dwelling_id: DwellingId
    dwelling_reference: Reference
    """The company's own number of the dwelling."""
    start_on: date
    """First day of the lease."""
    rent_cents: Cents
    """Rent a month, or a period of `rent_period`, euro cents."""
    charges_cents: Cents
    """Service charges a month or a period, euro cents, beside the rent."""
    payment_reference: PaymentReference
    """Twelve digits of the structured communication that the household pays with."""
    leaseholders: list[Leaseholder]
    """Who signed; at least one."""
    origin: Origin
    """`imported` for stock taken over, which is not news; else `recorded`."""
    welcomed_on: date | None = None
    """For stock taken over: when the tenant was welcomed; absent when not known."""
    transfer_of: LeaseId | None = None
    """The lease in the same company that this one follows: no new tenant (BR-24)."""
    rent_period: RentPeriod | None = None
    """How often rent and charges are asked for; absent for a rent that is monthly."""


class TenantWelcomed(Fact):
    """A welcome meeting was held with the household of a lease."""

    TYPE: ClassVar[str] = "intake.tenant-welcomed"
    lease_id: LeaseId
    household_id: HouseholdId
    held_on: date
    """The day of the meeting."""
    mode: WelcomeMode
    """Where or how it was held."""


class LeaseEnded(Fact):
    """A lease ended; `ended_on` is its last day."""

    TYPE: ClassVar[str] = "intake.lease-ended"
    lease_id: LeaseId
    household_id: HouseholdId
    ended_on: date
    """Last day of the lease; it may lie ahead when notice was given."""
    reason: EndReason
    """Why it ended."""


class TransferCompleted(Fact):
    """A household moved from one dwelling of the company to another: two leases, one tenancy."""

    TYPE: ClassVar[str] = "intake.transfer-completed"
    from_lease_id: LeaseId = Field(description="The lease that was left.")
    to_lease_id: LeaseId = Field(description="The lease that follows it.")
    household_id: HouseholdId
    completed_on: date
    """First day of the new lease."""


class DayClosed(Fact):
    """Intake's clock passed the midnight after `day`: nothing more is recorded on it."""

    TYPE: ClassVar[str] = "intake.day-closed"
    day: date
    """The day that is over, Europe/Brussels."""
