"""Facts that arrears publishes of a household that was called or met about its debt, and of what it
promised to pay.

They carry codes, days and amounts: what was said stays between the people who said it.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.arrears_cases import InCase

ContactId = Annotated[UUID, Field(description="One attempt to speak with the household.")]
PromiseId = Annotated[UUID, Field(description="One promise to pay.")]


class ContactChannel(StrEnum):
    """Where somebody tried to speak with a household."""

    PHONE = "phone"
    HOME = "home"
    OFFICE = "office"


class ContactNoted(InCase):
    """Somebody tried to speak with the household about its debt."""

    TYPE: ClassVar[str] = "arrears.contact-noted"
    contact_id: ContactId
    channel: ContactChannel
    """By telephone, at home or at the company's office."""
    reached: bool
    """Whether somebody of the household was spoken to."""
    contacted_on: date
    """The day of the attempt."""
    noted_on: date | None = None
    """The day on which it was noted, where that is later."""


class PromiseNoted(InCase):
    """The household promises to pay an amount by a day; whether it did, the money tells."""

    TYPE: ClassVar[str] = "arrears.promise-noted"
    promise_id: PromiseId
    promised_on: date
    """The day of the promise: money counts for it from this day on."""
    promised_cents: Annotated[int, Field(ge=1, le=10**9)]
    """Euro cents promised."""
    pay_by: date
    """The day until which the money is to come, that day included."""
