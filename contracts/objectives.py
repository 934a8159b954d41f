"""Facts that reporting publishes of objectives contracts: targets of a company, never a person."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from contracts.reporting import Digest, Year
from contracts.words import CONTRACT, Fact

Bound = Annotated[str, Field(pattern=r"^-?\d{1,9}\.\d\d$")]
"""A decimal with two places, in the unit of the indicator's value."""

IndicatorId = Annotated[str, Field(pattern=r"^I[0-9]{2}[A-Z]?$")]
"""Which indicator."""


class ObjectiveTheme(StrEnum):
    """The theme of an objective; a contract addresses all eight."""

    ADMINISTRATION = "administration"
    FINANCES = "finances"
    REAL_ESTATE = "real-estate"
    RENTAL = "rental"
    SOCIAL_ACTION = "social-action"
    STAFF = "staff"
    GOVERNANCE = "governance"
    INFORMATION = "information"


class TargetDirection(StrEnum):
    """Which side of a target is the right one; the bounds of each target say it again."""

    AT_LEAST = "at-least"
    AT_MOST = "at-most"
    BETWEEN = "between"


class Target(BaseModel):
    """What is aimed at in one year; bounds are themselves within."""

    model_config = CONTRACT
    year: Year
    """The civil year."""
    at_least: Bound | None = None
    """The least that reaches it; absent when there is no lower bound."""
    at_most: Bound | None = None
    """The most that reaches it; absent when there is no upper bound."""


class ContractAdopted(Fact):
    """A company adopted an objectives contract of five years; its objectives follow."""

    TYPE: ClassVar[str] = "reporting.contract-adopted"
    first_year: Year
    """First year of the contract, and its name within the company."""
    last_year: Year
    """Last year of the contract, included."""
    baseline_year: Year
    """The year whose figures are the baseline (état des lieux)."""


class ObjectiveAgreed(Fact):
    """A figure became an objective of the contract, with a target for each year that is left."""

    TYPE: ClassVar[str] = "reporting.objective-agreed"
    first_year: Year
    """First year of the contract."""
    theme: ObjectiveTheme
    """Under which theme."""
    indicator: IndicatorId
    """The figure that is aimed at; one objective a figure and contract."""
    definition_version: Annotated[int, Field(ge=1)]
    """The version of its definition that the targets were set by."""
    direction: TargetDirection
    """Which side of the targets is the right one."""
    baseline: Bound | None = None
    """The figure's value in the baseline year; absent when it is not known."""
    targets: Annotated[list[Target], Field(min_length=1, max_length=5)]
    """One a year, unbroken, to the last year of the contract."""
    comment_digest: Digest | None = None
    """SHA-256 of the written comment (UTF-8), whose words reporting keeps apart from the log."""


class ObjectiveAmended(Fact):
    """Targets of an objective were set otherwise from a year on; those of years before stay."""

    TYPE: ClassVar[str] = "reporting.objective-amended"
    first_year: Year
    """First year of the contract."""
    indicator: IndicatorId
    """Which objective."""
    definition_version: Annotated[int, Field(ge=1)]
    """The version of its definition that the new targets were set by."""
    direction: TargetDirection
    """Which side of the new targets is the right one."""
    from_year: Year
    """The first year that the new targets are for."""
    targets: Annotated[list[Target], Field(min_length=1, max_length=5)]
    """One a year from `from_year`, unbroken, to the last year of the contract."""
    reason_digest: Digest
    """SHA-256 of the written reason (UTF-8), whose words reporting keeps apart from the log."""


class ObjectiveEvaluated(Fact):
    """A comment was written on an objective and one year; a later one is read instead of it."""

    TYPE: ClassVar[str] = "reporting.objective-evaluated"
    first_year: Year
    """First year of the contract."""
    indicator: IndicatorId
    """Which objective."""
    year: Year
    """The year that is evaluated."""
    comment_digest: Digest
    """SHA-256 of the written comment (UTF-8), whose words reporting keeps apart from the log."""
