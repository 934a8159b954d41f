"""What a policy can ask of a state: each condition is one key of a document.

A condition says whether it holds, and in words what it asks, with the figures it met.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from services.arrears.ladder.case import Name, Recipient
from services.arrears.ladder.happenings import Active, Happened, Last
from services.arrears.ladder.known_days import DayOf
from services.arrears.ladder.owing import Names, OneOrMore, Owed, OwedFor, UnpaidPeriods
from services.arrears.ladder.plans import BREACHED, LIVE
from services.arrears.ladder.state import State
from services.chassis.written import STRICT


class PlanIs(BaseModel):
    """The state of the last plan; `none`: no plan that is live or breached.

    `formal`: of a plan that is, or is not; one of the other kind is none.
    """

    model_config = STRICT
    state: Annotated[
        tuple[
            Literal[
                "none",
                "live",
                "breached",
                "late",
                "late-by-more",
                "completed",
                "broken",
                "cancelled",
            ],
            ...,
        ],
        Field(min_length=1),
        OneOrMore(),
    ]
    formal: bool | None = None

    def holds(self, state: State) -> bool:
        plan = state.plan
        if plan is None or (self.formal is not None and plan.formal_on(state.day) != self.formal):
            return "none" in self.state
        names = {plan.state} | ({"none"} if plan.over else set())
        names |= {"live"} if plan.state in LIVE else set()
        names |= {"breached"} if plan.state in BREACHED else set()
        return bool(names & set(self.state))

    def words(self, state: State) -> str:
        plan = state.plan
        kind = "" if self.formal is None else "formal " if self.formal else "informal "
        asked, found = f"{kind}plan {' or '.join(self.state)}", "no plan"
        if plan is not None:
            found = "formal" if plan.formal_on(state.day) else "informal"
            found = f"{found} plan {plan.terms.plan} {plan.state}"
        return f"{asked} (found: {found})"


Place = Literal["missing", "recorded", "past", "today", "future"]
Places = Annotated[tuple[Place, ...], Field(min_length=1), OneOrMore()]


def placed(day: date | None, today: date) -> set[str]:
    if day is None:
        return {"missing"}
    return {"recorded", "past" if day < today else "today" if day == today else "future"}


class Outcome(BaseModel):
    """Which outcome a court date had."""

    model_config = STRICT
    is_: Annotated[Names, Field(alias="is")]


class When(BaseModel):
    """Exactly one condition; `all`, `any` and `not` hold others."""

    model_config = STRICT
    all: Annotated[tuple["When", ...], Field(min_length=1)] | None = None
    any: Annotated[tuple["When", ...], Field(min_length=1)] | None = None
    not_: Annotated["When | None", Field(alias="not")] = None
    owed: Owed | None = None
    owed_for: OwedFor | None = None
    unpaid_periods: UnpaidPeriods | None = None
    happened: Happened | None = None
    never: Happened | None = None
    """That something did not happen: the contrary of `happened`."""
    last: Last | None = None
    active: Active | None = None
    day: DayOf | None = None
    plan: PlanIs | None = None
    court_date: Places | None = None
    court_outcome: Literal["present", "missing"] | Outcome | None = None
    eviction_date: Places | None = None
    pause: Literal["none", "paused", "review-due"] | None = None
    pause_reason: Names | None = None
    hardship: bool | None = None
    dispute: bool | None = None
    housing_aid: Annotated[tuple[Recipient, ...], OneOrMore()] | None = None
    vulnerability: Literal["any", "none"] | Names | None = None
    bank_data: Literal["stale", "fresh", "unknown"] | None = None
    tenant: (
        Annotated[tuple[Literal["present", "departed", "deceased"], ...], OneOrMore()] | None
    ) = None
    consent: Name | None = None
    objection: Name | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            names = ", ".join(sorted(self.model_fields_set)) or "aucune"
            told = f"ici\u00a0: {names}. Réunissez-les par all ou any."
            raise ValueError(f"Une seule condition par bloc\u00a0; {told}")
        return self

    @cached_property
    def key(self) -> str:
        (name,) = self.model_fields_set
        return name

    @cached_property
    def value(self) -> Any:
        return getattr(self, self.key)

    def holds(self, state: State) -> bool:
        key, value = self.key, self.value
        if key == "all":
            return all(part.holds(state) for part in value)
        if key == "any":
            return any(part.holds(state) for part in value)
        if key in ("not_", "never"):
            return not value.holds(state)
        if hasattr(value, "holds"):
            return bool(value.holds(state))
        return _holds_plainly(key, value, state)

    def words(self, state: State) -> str:
        """What it asks and what it found; of `any`, what holds of it."""
        key, value = self.key, self.value
        if key == "all":
            return "; ".join(part.words(state) for part in value)
        if key == "any":
            holding = [part for part in value if part.holds(state)] or value
            return " or ".join(part.words(state) for part in holding)
        if key in ("not_", "never"):
            return f"not ({value.words(state)})"
        if hasattr(value, "words"):
            return str(value.words(state))
        found = {state.outcome or "none"} if isinstance(value, Outcome) else met(key, state)
        found_words = ", ".join(sorted(map(_plain, found))) or "none"
        return f"{key.replace('_', ' ')} {_plain(value)} (found: {found_words})"

    def leaves(self) -> Iterator["When"]:
        """The conditions that hold no others."""
        key, value = self.key, self.value
        if key in ("all", "any"):
            for part in value:
                yield from part.leaves()
        elif key == "not_":
            yield from value.leaves()
        else:
            yield self

    def names(self) -> set[str]:
        """Every message and step that it asks for by name."""
        dated = [leaf.value.kinds() for leaf in self.leaves() if leaf.key == "day"]
        return set().union(*dated) | {
            name
            for leaf in self.leaves()
            if leaf.key in ("happened", "never", "last", "active")
            for field in ("step", "message", "any_message_except", "is_", "is_not")
            for name in getattr(leaf.value, field, None) or ()
        }


def _holds_plainly(key: str, value: Any, state: State) -> bool:
    found = met(key, state)
    if key == "court_outcome" and isinstance(value, Outcome):
        return state.outcome in value.is_
    if isinstance(value, tuple):
        return bool(set(value) & found)
    return value in found


def met(key: str, state: State) -> set[Any]:
    """What a state answers to a plain condition."""
    met: dict[str, set[Any]] = {
        "court_date": placed(state.court_on, state.day),
        "eviction_date": placed(state.evict_on, state.day),
        "court_outcome": {"missing" if state.outcome is None else "present"},
        "pause": _pause(state),
        "pause_reason": {state.pause_reason} - {None},
        "hardship": {state.hardship},
        "dispute": {state.dispute},
        "housing_aid": {state.aid},
        "vulnerability": set(state.flags) | {"any" if state.flags else "none"},
        "bank_data": {state.bank_data},
        "tenant": set(state.tenant),
        "consent": set(state.consents),
        "objection": set(state.objections),
    }
    return met[key]


def _pause(state: State) -> set[str]:
    if state.review_on is None:
        return {"none"}
    return {"paused"} | ({"review-due"} if state.review_on <= state.day else set())


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Outcome):
        return f"is {', '.join(value.is_)}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
