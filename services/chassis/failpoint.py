"""Named places where a test may kill, pause or break the process.

A fault test without a fail-point proves nothing (the window is too short to be hit by chance), so
the places stand in the code itself. `REFERENT_FAILPOINTS` holds `name=action[@count]` pairs parted
by commas: `relay.after-ack=kill@3` kills the process the third time it passes there. Actions:
`kill` (SIGKILL), `stop` (SIGSTOP), `raise`. Unset, a passage costs one dictionary look-up.
"""

import os
import signal
from collections import Counter


class FailPointHit(RuntimeError):
    """Raised by the action `raise`; never caught by name."""


def _parse(text: str) -> dict[str, tuple[str, int]]:
    armed: dict[str, tuple[str, int]] = {}
    for item in filter(None, text.split(",")):
        name, _, action = item.partition("=")
        action, _, count = action.partition("@")
        armed[name] = (action, int(count or 1))
    return armed


_armed = _parse(os.environ.get("REFERENT_FAILPOINTS", ""))
_passed: Counter[str] = Counter()


def arm(text: str) -> None:
    """Replace what is armed in this process (tests that run a part in their own process)."""
    _armed.clear()
    _passed.clear()
    _armed.update(_parse(text))


def failpoint(name: str) -> None:
    """Do here what was armed for `name`, once, at its count-th passage."""
    if name not in _armed:
        return
    action, count = _armed[name]
    _passed[name] += 1
    if _passed[name] != count:
        return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    else:
        raise FailPointHit(name)
