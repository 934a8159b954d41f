"""The case file of `referent simulate`: one account as a list of dated happenings.

Amounts are integer euro cents. A line happened `on` a day, at a time of that day if `at` says so,
and was recorded then, or on `recorded_on` if that says so.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema, model_validator

from services.arrears.ladder.spans import PERIODS_A_YEAR, Frequency, Period, TimeOfDay
from services.chassis.amounts import LIMIT_CENTS
from services.chassis.written import STRICT, Day

WEEKS_A_YEAR = (46, 53)
Cents = Annotated[int, Field(strict=True, ge=0, le=LIMIT_CENTS)]
Owed = Annotated[int, Field(strict=True, ge=-LIMIT_CENTS, le=LIMIT_CENTS)]
Paid = Annotated[int, Field(strict=True, gt=0, le=LIMIT_CENTS)]
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)
NO_NAME = "Un nom s'écrit en minuscules de a à z, chiffres et tirets, 60 caractères au plus."


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ValueError(NO_NAME)
    return value


Name = Annotated[
    str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{NAME.pattern}$"})
]


class Recipient(StrEnum):
    """Who receives housing aid for the tenant."""

    TENANT = "tenant"
    LANDLORD = "landlord"
    NOBODY = "nobody"


class ChargeKind(StrEnum):
    """What is owed for; only rent counts in the balance, the others are kept apart (BR-04)."""

    RENT = "rent"
    DEPOSIT = "deposit"
    COURT_COSTS = "court-costs"
    REPAIRS = "repairs"
    FEES = "fees"


class Line(BaseModel):
    model_config = STRICT
    on: Day
    at: TimeOfDay | None = None
    """Time of day; without one the line counts from the day's beginning."""
    recorded_on: Day | None = None

    @model_validator(mode="after")
    def _recorded_after(self) -> "Line":
        if self.recorded_on is not None and self.recorded_on < self.on:
            raise ValueError("«\u00a0recorded_on\u00a0» ne peut pas précéder «\u00a0on\u00a0».")
        return self

    @property
    def known_on(self) -> date:
        return self.recorded_on or self.on


class RentPart(BaseModel):
    model_config = STRICT
    name: Annotated[str, Field(min_length=1, max_length=60)]
    cents: Cents
    """For one period."""


class Rent(Line):
    """The rent from `first_day` on, until another rent line's first day."""

    what: Literal["rent"]
    period: Period
    parts: Annotated[tuple[RentPart, ...], Field(min_length=1, max_length=50)]
    first_day: Day
    """First day of a period: periods are counted from it."""
    periods_a_year: Annotated[int, Field(strict=True, ge=1, le=53)] | None = None
    """For how many periods a year rent is asked; a weekly rent may be for 46 to 53 weeks."""
    charge_each_period: bool = False
    """Charge it on the first day of each period, as if a charge line stood there."""

    @model_validator(mode="after")
    def _weeks(self) -> "Rent":
        usual, given = PERIODS_A_YEAR[self.period], self.periods_a_year
        least, most = WEEKS_A_YEAR
        weeks = self.period is Period.WEEKLY and given is not None and least <= given <= most
        if given not in (None, usual) and not weeks:
            told = f"{usual} pour {self.period}, {least} à {most} pour weekly"
            raise ValueError(f"«\u00a0periods_a_year\u00a0» ne convient pas\u00a0: {told}.")
        if self.charge_each_period and given is not None and given < usual:
            raise ValueError("Des semaines sont sans loyer\u00a0: écrivez chaque ligne charge.")
        return self

    @property
    def cents(self) -> int:
        return sum(part.cents for part in self.parts)

    @property
    def year_periods(self) -> int:
        return self.periods_a_year or PERIODS_A_YEAR[self.period]


class Charge(Line):
    """An amount due on `on`."""

    what: Literal["charge"]
    cents: Paid
    kind: ChargeKind = ChargeKind.RENT


class Credit(Line):
    """What is owed becomes less without money: a charge cancelled, a debt written off."""

    what: Literal["charge-cancelled", "written-off"]
    cents: Paid
    reason: str = ""
    cancels: Day | None = None
    """The day of the rent charge that is cancelled; else what it takes off is the oldest."""


class Payment(Line):
    what: Literal["payment"]
    cents: Paid
    payer: Literal["tenant", "cpas", "housing-aid", "other"] = "tenant"
    plan: Name | None = None
    """Allocated to a plan that is watched by its instalments."""
    pays: Day | None = None
    """The day of the rent charge that it pays first; else the oldest."""


class Reversal(Line):
    """The bank took money back."""

    what: Literal["reversal"]
    cents: Paid
    plan: Name | None = None
    reverses: Day | None = None
    """The day of the payment that it undoes; else one of this period is taken to be undone."""


class Balance(Line):
    """What was owed at the end of the day, stated outright: it overrides the sums until then."""

    what: Literal["balance"]
    cents: Owed
    at: None = None


class Done(Line):
    """A message was sent or a step was taken, outside of this simulation."""

    what: Literal["message", "step"]
    kind: Name


class Send(Line):
    """Try to send a step's message, or to take the step: judged again at that moment."""

    what: Literal["send"]
    step: Name


class Plan(Line):
    """A repayment plan, agreed on `on`."""

    what: Literal["plan"]
    plan: Name
    method: Literal["balance-reduction", "instalments-only"] = "balance-reduction"
    frequency: Frequency | None = None
    instalment_cents: Cents = 0
    count: Annotated[int, Field(strict=True, ge=1)] | None = None
    first_due_on: Day | None = None
    lump_sum_cents: Cents = 0
    lump_sum_on: Day | None = None
    starting_balance_cents: Owed | None = None
    tolerance_days: Annotated[int, Field(strict=True, ge=0, le=366)] | None = None
    with_: Annotated[Literal["tenant", "cpas", "judge"], Field(alias="with")] = "tenant"
    formal: bool = False
    suspended_years: Annotated[int, Field(strict=True, ge=1, le=50)] | None = None
    """Suspended on terms by a judge: over after so many years, whatever is left."""
    strike_out_on: Day | None = None
    ends_on: Day | None = None
    """No instalment is due after it."""


class PlanEnded(Line):
    what: Literal["plan-ended"]
    plan: Name
    how: Literal["cancelled", "broken", "completed"]
    reason: str = ""


class CourtDate(Line):
    what: Literal["court-date"]
    court_on: Day


class CourtOutcome(Line):
    what: Literal["court-outcome"]
    outcome: Name


class Eviction(Line):
    """A bailiff's date was recorded."""

    what: Literal["eviction"]
    evict_on: Day


class Pause(Line):
    what: Literal["pause"]
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    review_on: Day


class HousingAid(Line):
    what: Literal["housing-aid"]
    recipient: Recipient


class Flag(Line):
    """A vulnerability that the household agreed to have recorded, or that is over."""

    what: Literal["vulnerability", "vulnerability-ended"]
    flag: Name


class Wish(Line):
    """Consent or objection to something, such as telling the social service. The last counts."""

    what: Literal["consent", "objection"]
    to: Name


class BankData(Line):
    what: Literal["bank-data"]
    complete_until: Day


class Turn(Line):
    """Something that holds from then on, until the line that ends it."""

    what: Literal[
        "pause-ended",
        "eviction-withdrawn",
        "hardship",
        "hardship-ended",
        "dispute",
        "dispute-settled",
        "lease-ended",
        "deceased",
    ]


Happening = Annotated[
    Rent
    | Charge
    | Credit
    | Payment
    | Reversal
    | Balance
    | Done
    | Send
    | Plan
    | PlanEnded
    | CourtDate
    | CourtOutcome
    | Eviction
    | Pause
    | HousingAid
    | Flag
    | Wish
    | BankData
    | Turn,
    Field(discriminator="what"),
]


class Case(BaseModel):
    """See the module. `on` is the day to judge when the command names none."""

    model_config = STRICT
    title: str = ""
    on: Day | None = None
    happenings: Annotated[tuple[Happening, ...], Field(max_length=100_000)]
