"""What a policy can ask of the messages that were sent and the steps that were taken."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from services.arrears.ladder.owing import Names, Since, bounds_of
from services.arrears.ladder.state import State, Step
from services.chassis.written import STRICT


class Happened(Since):
    """That a step was taken, or a message sent, perhaps so long ago; without bounds, ever.

    The last one counts, unless `which` says the first one or any one.
    """

    step: Names | None = None
    message: Names | None = None
    any_message: Literal[True] | None = None
    any_message_except: Names | None = None
    which: Literal["last", "first", "any"] = "last"
    times: Annotated[int, Field(strict=True, ge=1, le=1_000)] = 1
    """At least so many; with bounds, so many that keep to them."""
    in_this_debt: bool = False
    """Only what happened since the account was last settled: since nothing was owed."""
    counted_from: Literal["happened", "recorded"] = "happened"
    """Whether bounds count from the day it happened or from the day it was recorded."""

    @property
    def must_be_bounded(self) -> bool:
        return False

    @model_validator(mode="after")
    def _one(self) -> Self:
        chosen = (self.step, self.message, self.any_message, self.any_message_except)
        if sum(value is not None for value in chosen) != 1:
            raise ValueError("Donnez un seul de step, message, any_message et any_message_except.")
        return self

    def matches(self, done: Step) -> bool:
        if self.step is not None:
            return done.kind in self.step
        if not done.is_message:
            return False
        if self.message is not None:
            return done.kind in self.message
        return self.any_message_except is None or done.kind not in self.any_message_except

    def found(self, state: State) -> list[Step]:
        found = [done for done in state.done if self.matches(done)]
        if self.in_this_debt and state.settled_on is not None:
            found = [done for done in found if done.on > state.settled_on]
        if self.which == "any" or self.times > 1:
            found = [done for done in found if self.keeps(self.day_of(done), state.day)]
        return found

    def day_of(self, done: Step) -> date:
        """The day that its bounds count from."""
        if self.counted_from == "recorded" and done.recorded_on is not None:
            return done.recorded_on
        return done.on

    def holds(self, state: State) -> bool:
        found = self.found(state)
        if len(found) < self.times:
            return False
        chosen = found[0] if self.which == "first" else found[-1]
        return self.keeps(self.day_of(chosen), state.day)

    def words(self, state: State) -> str:
        found = self.found(state)
        what = ", ".join(self.step or self.message or ()) or "any message"
        if self.any_message_except:
            what = f"any message except {', '.join(self.any_message_except)}"
        which = "" if self.which == "last" else f" ({self.which})"
        times = f" {self.times} times" if self.times > 1 else ""
        debt = " in this debt" if self.in_this_debt else ""
        met = f"{found[-1].kind} on {found[-1].on}" if found else "never"
        return f"{what}{which} happened{times}{debt}{_ago(self)} (found: {met})"


class Last(Since):
    """Which message, or which message or step, came last; `none`: none ever."""

    of: Literal["messages", "all"] = "messages"
    is_: Annotated[Names | None, Field(alias="is")] = None
    is_not: Names | None = None
    none: bool = False

    @property
    def must_be_bounded(self) -> bool:
        return False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum((self.is_ is not None, self.is_not is not None, self.none)) != 1:
            raise ValueError("Donnez un seul de is, is_not et none.")
        if self.none and any(self.given()):
            raise ValueError("Avec none, rien n'a eu lieu\u00a0: enlevez les bornes de durée.")
        return self

    def found(self, state: State) -> Step | None:
        done = [d for d in state.done if d.is_message or self.of == "all"]
        return done[-1] if done else None

    def holds(self, state: State) -> bool:
        last = self.found(state)
        if last is None or self.none:
            return last is None and self.none
        named = last.kind in (self.is_ or ()) or (
            self.is_not is not None and last.kind not in self.is_not
        )
        return named and self.keeps(last.on, state.day)

    def words(self, state: State) -> str:
        last = self.found(state)
        what = "message" if self.of == "messages" else "message or step"
        asked = f"no {what} yet"
        if not self.none:
            verb = "is" if self.is_ is not None else "is not"
            asked = f"last {what} {verb} {', '.join(self.is_ or self.is_not or ())}{_ago(self)}"
        return f"{asked} (found: {f'{last.kind} on {last.on}' if last else 'none'})"


class Active(BaseModel):
    """A step is active: its delay is over and it has not lapsed."""

    model_config = STRICT
    step: Names

    def holds(self, state: State) -> bool:
        return any(d.kind in self.step and d.active_on(state.day) for d in state.done)

    def words(self, state: State) -> str:
        active = {d.kind for d in state.done if d.kind in self.step and d.active_on(state.day)}
        found = ", ".join(sorted(active)) or "none"
        return f"{', '.join(self.step)} active (found: {found})"


def _ago(since: Since) -> str:
    bounds = bounds_of(since)
    return f" {bounds} ago" if bounds else ""
