"""The few scalars that facts share."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Cents = Annotated[int, Field(ge=-(10**9), le=10**9)]
"""Integer euro cents, at most 10 M€ either way."""

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
"""A calendar month, `YYYY-MM`."""

PaymentReference = Annotated[str, Field(pattern=r"^\d{12}$")]
"""The twelve digits of a Belgian structured communication."""

Sealed = Annotated[str, Field(pattern=r"^sealed:1:")]
"""A value only the holder of its person's key can read; see `services/chassis/keyring.py`."""

HouseholdId = Annotated[UUID, Field(description="The household; the same id in every service.")]
LeaseId = Annotated[UUID, Field(description="The lease, by the id that intake gave it.")]
DwellingId = Annotated[UUID, Field(description="The dwelling, by the id that intake gave it.")]
VisitId = Annotated[UUID, Field(description="The visit, from its plan or proposal to its end.")]
PaymentId = Annotated[UUID, Field(description="The money, by its place in a statement.")]
ChargeId = Annotated[UUID, Field(description="One month's or period's charge on one lease.")]


class Origin(StrEnum):
    """How a fact came to be known: recorded as it happened, or taken over with the stock."""

    RECORDED = "recorded"
    IMPORTED = "imported"


class RentPeriod(StrEnum):
    """How often a rent is asked for; `weeks-N`: a week's rent, in N weeks of the year, the others
    being free of rent.
    """

    MONTHLY = "monthly"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four-weekly"
    WEEKS_46 = "weeks-46"
    WEEKS_47 = "weeks-47"
    WEEKS_48 = "weeks-48"
    WEEKS_49 = "weeks-49"
    WEEKS_50 = "weeks-50"
    WEEKS_51 = "weeks-51"
    WEEKS_52 = "weeks-52"
    WEEKS_53 = "weeks-53"


CONTRACT = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
"""How every model here reads: unchanging, unknown fields ignored, fields described below them."""


class Fact(BaseModel):
    """Base of every contract: frozen, tolerant of fields that a newer publisher adds."""

    model_config = CONTRACT

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1
