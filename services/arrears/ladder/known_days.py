"""What a policy can ask of the day of something: how long ago it was, how far ahead it lies,
whether it came before the day of something else.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Discriminator, Tag, model_validator

from services.arrears.ladder.owing import Bounds, Names, Since, bounds_of, within
from services.arrears.ladder.spans import Span
from services.arrears.ladder.state import State, Step
from services.chassis.written import STRICT

Known = Literal[
    "court-date",
    "court-outcome",
    "eviction-date",
    "lease-end",
    "oldest-unpaid",
    "owed-since",
    "pause-review",
    "payment",
    "plan",
    "plan-state",
]
RELATIONS = ("before", "not_after", "after", "not_before")


class LastDone(BaseModel):
    """The last message, or step, of these kinds."""

    model_config = STRICT
    step: Names | None = None
    message: Names | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.step is None) == (self.message is None):
            raise ValueError("Donnez soit step, soit message.")
        return self

    def last_of(self, done: Iterable[Step]) -> Step | None:
        named = set(self.step or self.message or ())
        found = [
            each
            for each in done
            if each.kind in named and (each.is_message or self.message is None)
        ]
        return found[-1] if found else None


Dated = Annotated[
    Annotated[Known, Tag("a word")] | Annotated[LastDone, Tag("a step or message")],
    Discriminator(lambda value: "a word" if isinstance(value, str) else "a step or message"),
]
"""Something that has a day."""


class Ahead(Bounds):
    """How far ahead: the judged day and the span after it, compared with the day."""

    at_least: Span | None = None
    more_than: Span | None = None
    at_most: Span | None = None
    less_than: Span | None = None

    def keeps(self, then: date, day: date) -> bool:
        return day <= then and all(
            within(name, then, limit.after(day)) for name, limit in self.given()
        )


class DayOf(Since):
    """The day of something is known, keeps to the bounds, and stands so to another day.

    A day that is not known, and one ahead where it is asked how long ago it was, hold nothing.
    """

    of: Dated
    ahead: Ahead | None = None
    before: Dated | None = None
    not_after: Dated | None = None
    after: Dated | None = None
    not_before: Dated | None = None

    @property
    def must_be_bounded(self) -> bool:
        return False

    def others(self) -> Iterator[tuple[str, Dated]]:
        """What its day is compared with."""
        return ((name, other) for name in RELATIONS if (other := getattr(self, name)) is not None)

    def all_dated(self) -> list[Dated]:
        return [self.of, *(other for _, other in self.others())]

    def kinds(self, *, messages_only: bool = False) -> set[str]:
        """The steps and messages that it names."""
        done = [each for each in self.all_dated() if isinstance(each, LastDone)]
        messages = {name for each in done for name in each.message or ()}
        return messages if messages_only else messages.union(*(each.step or () for each in done))

    def done(self, state: State) -> list[Step]:
        """The messages and steps whose days it looks at."""
        named = (each for each in self.all_dated() if isinstance(each, LastDone))
        return [last for each in named if (last := each.last_of(state.done)) is not None]

    def holds(self, state: State) -> bool:
        then = day_known(self.of, state)
        if then is None or (any(self.given()) and then > state.day):
            return False
        if self.ahead is not None and not self.ahead.keeps(then, state.day):
            return False
        return self.keeps(then, state.day) and all(
            (known := day_known(other, state)) is not None and _stands(name, then, known)
            for name, other in self.others()
        )

    def words(self, state: State) -> str:
        said = [f"{_named(self.of)} on {day_known(self.of, state) or 'no known day'}"]
        if any(self.given()):
            said.append(f"{bounds_of(self)} ago")
        if self.ahead is not None:
            said.append(f"{bounds_of(self.ahead)} ahead")
        for name, other in self.others():
            known = day_known(other, state) or "no known day"
            said.append(f"{name.replace('_', ' ')} {_named(other)} on {known}")
        return ", ".join(said)


def day_known(of: Dated, state: State) -> date | None:
    """The day of something in a state; None when it has none."""
    if isinstance(of, LastDone):
        last = of.last_of(state.done)
        return last.on if last else None
    days: dict[Known, date | None] = {
        "court-date": state.court_on,
        "court-outcome": state.outcome_on,
        "eviction-date": state.evict_on,
        "lease-end": state.ended_on,
        "oldest-unpaid": state.unpaid_since,
        "owed-since": state.owed_since,
        "pause-review": state.review_on,
        "payment": state.paid_on,
        "plan": state.plan.terms.on if state.plan else None,
        "plan-state": state.plan.changes[-1].on if state.plan else None,
    }
    return days[of]


def _stands(relation: str, day: date, other: date) -> bool:
    if relation == "before":
        return day < other
    if relation == "not_after":
        return day <= other
    return day > other if relation == "after" else day >= other


def _named(of: Dated) -> str:
    return ", ".join(of.step or of.message or ()) if isinstance(of, LastDone) else of
