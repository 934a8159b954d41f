"""What the JSON API of intake is asked: the bodies of its acts."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.intake import EndReason, Language, WelcomeMode
from contracts.words import RentPeriod
from services.chassis.forms import Day, PlainText
from services.intake.leaseholders import Person

Reference = Annotated[PlainText, Field(max_length=40)]
Amount = Annotated[int, Field(ge=0, le=10**9)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class PersonBody(Body):
    name: Annotated[PlainText, Field(max_length=200)]
    contact: Annotated[PlainText, Field(max_length=200)] | None = None
    address: Annotated[PlainText, Field(max_length=200)] | None = None
    language: Language | None = None

    def person(self) -> Person:
        return Person(self.name, self.contact or "", self.address or "", self.language)


class DwellingBody(Body):
    reference: Reference
    registered_on: Day
    bedrooms: Annotated[int, Field(ge=0, le=20)] | None = None


class CorrectionBody(Body):
    dwelling_reference: Reference
    start_on: Day
    rent_cents: Amount
    charges_cents: Amount
    rent_period: RentPeriod | None = None
    """How often rent and charges are asked for: monthly when a lease is signed without it; what it
    was when one is corrected or followed by another.
    """


class SigningBody(CorrectionBody):
    reference: Reference
    leaseholders: Annotated[list[PersonBody], Field(min_length=1, max_length=10)]


class LeaseholdersBody(Body):
    leaseholders: Annotated[list[PersonBody | None], Field(min_length=1, max_length=10)]
    """One for each that the lease has, in its order; null leaves one out, those beyond are new."""


class TransferBody(CorrectionBody):
    reference: Reference
    address: Annotated[PlainText, Field(max_length=200)] | None = None


class WelcomeBody(Body):
    held_on: Day
    mode: WelcomeMode = WelcomeMode.OFFICE


class EndBody(Body):
    ended_on: Day
    reason: EndReason
