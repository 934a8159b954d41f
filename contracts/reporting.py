"""Facts that reporting publishes: yearly returns. Sums over a company, never a person or a case."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from contracts.words import CONTRACT, Fact

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256, in small hexadecimal digits."""

Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$")]
"""A moment as an envelope's `time` has it: UTC, to the microsecond."""

Year = Annotated[int, Field(ge=1990, le=2100)]
"""A civil year."""


class Exact(BaseModel):
    """A quotient that is not rounded."""

    model_config = CONTRACT
    num: int
    """What stands above."""
    den: Annotated[int, Field(ge=1)]
    """What stands below."""


class PublishedFigure(BaseModel):
    """One figure as it was signed off."""

    model_config = CONTRACT
    indicator: Annotated[str, Field(pattern=r"^I[0-9]{2}[A-Z]?$")]
    """Which indicator."""
    definition_version: Annotated[int, Field(ge=1)]
    """By which version of its definition."""
    amounts: str
    """What is counted: `cents`, `leases`, `visits`; more may come."""
    numerator: int | Exact
    """Cents, or things counted."""
    denominator: int | Exact
    """Cents, or things counted."""
    value: str | None = None
    """The quotient in the unit of the definition, two decimals; absent when not computable."""
    band: str | None = None
    """What the operator's bands called the exact quotient."""
    members: Annotated[int, Field(ge=0)] | None = None
    """Of a median, how many values it is the middle of: `numerator` is then the sum of the one or
    two in the middle, `denominator` how many these are."""
    left_out: Annotated[int, Field(ge=0)] | None = None
    """Of a median, how many have no value and stand apart."""
    gap: bool | None = None
    """True when bands were attached to the indicator and none was defined for this value."""


class CauseKind(StrEnum):
    """Why a published figure is no longer what a rebuild gives.

    `late`: a fact of the year recorded after the cut-off; `correction`: a fact that corrects or
    withdraws another; `definition`: another version of the definition; `band`: other bands;
    `recount`: the same facts by the same version came to something else.
    """

    LATE = "late"
    CORRECTION = "correction"
    DEFINITION = "definition"
    BAND = "band"
    RECOUNT = "recount"


class Cause(BaseModel):
    """One reason of a change."""

    model_config = CONTRACT
    kind: CauseKind
    """Which reason."""
    fact: str | None = None
    """Id of the fact, for a late one and a correction."""


class ReturnChange(BaseModel):
    """A figure that a restatement changed."""

    model_config = CONTRACT
    indicator: Annotated[str, Field(pattern=r"^I[0-9]{2}[A-Z]?$")]
    """Which indicator."""
    before: PublishedFigure | None = None
    """As the version before had it; absent when it had none."""
    after: PublishedFigure | None = None
    """As this version has it; absent when it has none."""
    causes: list[Cause]
    """Why, in the order in which facts were recorded; at most the first hundred facts."""
    more_facts: Annotated[int, Field(ge=0)] = 0
    """How many facts more."""


class PublishedReturn(Fact):
    """What the two facts about a return share."""

    year: Year
    """The year that the figures are of."""
    return_version: Annotated[int, Field(ge=1)]
    """1 when validated; a restatement is the next one. Every version stays."""
    known_on: Moment
    """The figures are those known at this moment."""
    cutoff: dict[str, int]
    """The last position of each service that was counted: nothing later is in the figures."""
    figures: list[PublishedFigure]
    """Every figure, in the order of their indicators."""
    digest: Digest
    """SHA-256 of `company`, `year`, `known_on`, `cutoff` and `figures` as one JSON object: keys in
    order, no spaces, UTF-8, nothing that is absent."""
    reason_digest: Digest | None = None
    """SHA-256 of the written reason (UTF-8), whose words reporting keeps apart from the log."""
    despite: list[str] | None = None
    """What was missing or did not hold when it was signed, in the sentences that the manager read
    and for which the reason was written; absent when nothing was.
    """


class ReturnValidated(PublishedReturn):
    """A manager signed off the figures of a year; from now on they only change by restating."""

    TYPE: ClassVar[str] = "reporting.return-validated"


class ReturnRestated(PublishedReturn):
    """A manager signed off a new version of a year's figures; the one before stays readable."""

    TYPE: ClassVar[str] = "reporting.return-restated"
    changes: list[ReturnChange]
    """Every figure that differs from the version before, and why."""
