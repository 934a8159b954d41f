"""Waiting for a server, always with a deadline."""

import time
from collections.abc import Callable

_PAUSE_S = 0.02


def wait_until(happened: Callable[[], bool], timeout_s: float) -> bool:
    """Ask until it happened; False when the deadline passed first."""
    deadline = time.monotonic() + timeout_s
    while not happened():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PAUSE_S)  # a server of another make tells nobody when it is ready
    return True
