"""What a policy can ask of what is owed, and the bounds that it may set.

A condition says whether it holds, and in words what it asks, with the figures it met.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from services.arrears.ladder.case import Name
from services.arrears.ladder.case import Owed as SignedCents
from services.arrears.ladder.spans import Span
from services.arrears.ladder.state import State
from services.chassis.readings import exact_number
from services.chassis.written import STRICT

BOUNDS = ("at_least", "more_than", "at_most", "less_than")


class OneOrMore:
    """Of a list: one word may stand in its place, in a document and in its schema."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_before_validator_function(_as_list, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        several = handler(core)
        return {"anyOf": [several["items"], several]}


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Name, ...], Field(min_length=1), OneOrMore()]


def _times(value: object) -> Fraction:
    found = exact_number(value)
    if not 0 <= found <= 1_000:
        raise ValueError("Le multiple du loyer doit être entre 0 et 1000.")
    return found


Times = Annotated[
    Fraction,
    BeforeValidator(_times),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0, "maximum": 1000}),
]


class Bounds(BaseModel):
    """Bounds stated one by one: `at_least`, `at_most` include, `more_than`, `less_than` do not."""

    model_config = STRICT

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.must_be_bounded and not any(getattr(self, name) is not None for name in BOUNDS):
            raise ValueError(f"Donnez au moins une borne\u00a0: {', '.join(BOUNDS)}.")
        return self

    @property
    def must_be_bounded(self) -> bool:
        return True

    def given(self) -> Iterator[tuple[str, Any]]:
        return ((name, limit) for name in BOUNDS if (limit := getattr(self, name)) is not None)


def within(name: str, value: Any, limit: Any) -> bool:
    """Whether a value keeps to one bound."""
    if name == "at_least":
        return bool(value >= limit)
    if name == "more_than":
        return bool(value > limit)
    if name == "at_most":
        return bool(value <= limit)
    return bool(value < limit)


class ByAid(BaseModel):
    """An amount that depends on who receives housing aid."""

    model_config = STRICT
    tenant: "Amount"
    landlord: "Amount"
    nobody: "Amount"


class Amount(BaseModel):
    """An amount in cents, in rents (of one period each), in months of rent, or by who receives
    housing aid. A month of a rent that is not monthly is what it comes to a month.
    """

    model_config = STRICT
    cents: SignedCents | None = None
    """Below 0 of a credit."""
    rents: Times | None = None
    months: Times | None = None
    by_housing_aid: ByAid | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = (self.cents, self.rents, self.months, self.by_housing_aid)
        if sum(value is not None for value in given) != 1:
            raise ValueError("Donnez un seul de cents, rents, months et by_housing_aid.")
        return self

    def of(self, state: State) -> Fraction | int | None:
        """In cents; None as a multiple of a rent that is not known."""
        if self.cents is not None:
            return self.cents
        if self.by_housing_aid is not None:
            chosen: Amount = getattr(self.by_housing_aid, state.aid.value)
            return chosen.of(state)
        if self.months is not None:
            return None if state.month_cents is None else self.months * state.month_cents
        assert self.rents is not None
        return None if state.rent_cents is None else self.rents * state.rent_cents


class Owed(Bounds):
    """What is owed, gross, or net of the grace."""

    net: bool = False
    at_least: Amount | None = None
    more_than: Amount | None = None
    at_most: Amount | None = None
    less_than: Amount | None = None

    def holds(self, state: State) -> bool:
        value = state.net_cents if self.net else state.balance_cents
        for name, amount in self.given():
            limit = amount.of(state)
            if limit is None or not within(name, value, limit):
                return False
        return True

    def words(self, state: State) -> str:
        value = state.net_cents if self.net else state.balance_cents
        limits = " and ".join(
            f"{name.replace('_', ' ')} {euros(amount.of(state))}" for name, amount in self.given()
        )
        return f"owed{' net of the grace' if self.net else ''} {euros(value)}, {limits}"


def euros(value: Fraction | int | None) -> str:
    """Cents in words, for the sentences of a proposal."""
    if value is None:
        return "a rent that is not known"
    return f"{float(value) / 100:,.2f} €".replace(",", " ")


class UnpaidPeriods(Bounds):
    """How many periods' rent is not fully paid: all of them, or the last ones in a row."""

    counted: Literal["consecutive", "total"] = "consecutive"
    at_least: Annotated[int, Field(strict=True, ge=0)] | None = None
    more_than: Annotated[int, Field(strict=True, ge=0)] | None = None
    at_most: Annotated[int, Field(strict=True, ge=0)] | None = None
    less_than: Annotated[int, Field(strict=True, ge=0)] | None = None

    def number(self, state: State) -> int:
        if self.counted == "total":
            return sum(state.unpaid)
        number = 0
        for unpaid in reversed(state.unpaid):
            if not unpaid:
                break
            number += 1
        return number

    def holds(self, state: State) -> bool:
        return all(within(name, self.number(state), limit) for name, limit in self.given())

    def words(self, state: State) -> str:
        row = " in a row" if self.counted == "consecutive" else ""
        return f"{self.number(state)} periods unpaid{row}, {bounds_of(self)}"


def bounds_of(bounds: Bounds) -> str:
    return " and ".join(
        f"{name.replace('_', ' ')} {limit.words if isinstance(limit, Span) else limit}"
        for name, limit in bounds.given()
    )


class Since(Bounds):
    """How long ago something was: in days, weeks or calendar months."""

    at_least: Span | None = None
    more_than: Span | None = None
    at_most: Span | None = None
    less_than: Span | None = None

    def keeps(self, then: date, day: date) -> bool:
        """A span after `then` is compared with `day`: a month is a calendar month from there."""
        return all(within(name, day, limit.after(then)) for name, limit in self.given())


class OwedFor(Since):
    """For how long something has been owed without a break."""

    def holds(self, state: State) -> bool:
        return state.owed_since is not None and self.keeps(state.owed_since, state.day)

    def words(self, state: State) -> str:
        return f"owed for {bounds_of(self)} (found: since {state.owed_since or 'no day'})"
