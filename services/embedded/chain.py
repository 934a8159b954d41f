"""Whether facts, as they are read, still follow each other's bytes."""

from hashlib import sha256

import orjson

from contracts.envelope import FIRST_HASH


class Chain:
    """Each fact names the SHA-256 of the bytes of the one before it: `gap` tells where it does not.

    The first fact that is met is believed unless it stands at position 1. `last`: the hash of the
    last one, empty before any.
    """

    def __init__(self) -> None:
        self.gap = ""
        self.last = ""

    def follow(self, content: bytes) -> None:
        fact = orjson.loads(content)
        position = fact["position"]
        expected = FIRST_HASH.hex() if position == 1 else self.last
        if expected and fact["previous"] != expected and not self.gap:
            self.gap = (
                f"Position {position} does not follow the bytes of position {position - 1} as they "
                "stand now: one of the two is not what was recorded."
            )
        self.last = sha256(content).hexdigest()
