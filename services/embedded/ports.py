"""Loopback ports that stay the same from one start to the next."""

import random
import socket

from services.embedded.refusals import EmbeddedError

# Below the ports that the kernel lends to outgoing connections: a client that keeps knocking
# at a stopped server could be lent the very port it knocks at, and would then occupy it.
_FIRST, _LAST = 20_000, 29_999
_TRIES = 200


def free_ports(count: int) -> tuple[int, ...]:
    """Different free loopback ports, chosen at random."""
    chosen: list[int] = []
    for _ in range(_TRIES):
        port = random.randint(_FIRST, _LAST)  # noqa: S311 - spreads ports, guards nothing
        if port not in chosen and is_free(port):
            chosen.append(port)
        if len(chosen) == count:
            return tuple(chosen)
    raise EmbeddedError(
        f"No free loopback port from {_FIRST} to {_LAST}: stop some of the programs that listen."
    )


def is_free(port: int) -> bool:
    """Whether a server could listen there now; connections that are closing do not count."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
