"""Who asks for an act, what an act recorded, and what its caller is answered."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and how to know the same request again.

    `actor` is a pseudonymous id. `key`, `route`, `body_hmac`: the idempotency record.
    `expected_version`: the version a form was filled in for (`If-Match`).
    """

    actor: str
    key: str | None = None
    route: str = ""
    body_hmac: bytes = b""
    expected_version: int | None = None
    correlation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A domain event as it was recorded, for the read models; `fact` is None for a private one."""

    event: Any
    fact: str | None
    recorded_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command answers: the same again for the same idempotency key. `recorded`: anything."""

    id: str
    version: int
    repeated: bool = False
    recorded: bool = True


def as_of(day: date, caller: Caller) -> Caller:
    """A caller for what a timer does about `day`: its facts share a correlation."""
    return replace(caller, correlation_id=f"day:{day.isoformat()}")
