"""The rule by which a consumer takes a fact, passes over a repeat, or holds.

Offsets locate, positions decide. Of a publisher's facts only the one right after the last taken
may be taken, and only if it names the hash of that last one. Anything else was seen already (then
its bytes must be the same) or leaves a gap (then nothing is taken until the missing one comes).
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from contracts.envelope import FIRST_HASH, hash_of


class Delivery(NamedTuple):
    """One record of a topic: where it lies and its bytes. A tuple: a rebuild makes millions."""

    offset: int
    content: bytes


class Verdict(Enum):
    TAKE = "take"
    REPEAT = "repeat"
    GAP = "gap"
    FOREIGN = "foreign"
    """The next position, but not on top of what we took last: another history."""


@dataclass(frozen=True, slots=True)
class LastTaken:
    position: int = 0
    hash: bytes = FIRST_HASH

    @classmethod
    def after(cls, position: int, content: bytes) -> "LastTaken":
        return cls(position, hash_of(content))

    def judge(self, position: int, previous: str) -> Verdict:
        if position <= self.position:
            return Verdict.REPEAT
        if position > self.position + 1:
            return Verdict.GAP
        return Verdict.TAKE if previous == self.hash.hex() else Verdict.FOREIGN


@dataclass
class Standing:
    """How far one publisher was read, and why no further.

    `held_fact`, `held_fingerprint`: a fact that came again with other bytes; a person must decide.
    """

    last: LastTaken
    next_offset: int
    passed_over: int = 0
    held: str | None = None
    held_fact: str | None = None
    held_fingerprint: int | None = None

    def released(self) -> "Standing":
        """No longer held: what was taken first stays."""
        return replace(self, held=None, held_fact=None, held_fingerprint=None)


def fingerprint(content_hash: bytes) -> int:
    """The first 8 bytes of a hash, to recognise a repeat with other bytes."""
    return int.from_bytes(content_hash[:8], "big", signed=True)
