"""When the social service may be told of a debt: by preconditions that a policy states as data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from services.arrears.ladder.case import Name
from services.arrears.ladder.conditions import When
from services.arrears.ladder.state import State
from services.chassis.written import STRICT

TRANSFER = "social-service"
"""What a household objects or consents to, whatever a policy calls it besides."""


class Verdict(StrEnum):
    """Whether the social service may be told now."""

    ALLOWED = "allowed"
    NOT_YET = "not-yet"
    FORBIDDEN = "forbidden"


class Precondition(BaseModel):
    """What must hold before it is told; `missing`: what is said while it does not."""

    model_config = STRICT
    precondition: Name
    when: When
    missing: Annotated[str, Field(min_length=1, max_length=500)]
    source: str = ""
    to_confirm: str = ""


class SocialService(BaseModel):
    """Whom to tell of a debt, and what must hold before. An objection forbids it, always."""

    model_config = STRICT
    title: Annotated[str, Field(min_length=1, max_length=200)]
    preconditions: Annotated[tuple[Precondition, ...], Field(min_length=1)]
    objections: tuple[Name, ...] = ()
    """Other names under which an objection to it is known."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, with the preconditions that are missing and those that hold."""

    verdict: Verdict
    missing: tuple[Precondition, ...]
    met: tuple[Precondition, ...]


def may_be_told(rules: SocialService, state: State) -> Answer:
    """Whether the social service may be told of an account in a state."""
    met = tuple(each for each in rules.preconditions if each.when.holds(state))
    missing = tuple(each for each in rules.preconditions if each not in met)
    if state.objections & {TRANSFER, *rules.objections}:
        return Answer(Verdict.FORBIDDEN, missing, met)
    return Answer(Verdict.NOT_YET if missing else Verdict.ALLOWED, missing, met)
