"""What runs in a home. A question needs no more than this: what starts servers is imported by
whoever starts them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from services.chassis.settings import running_file
from services.embedded.ownership import Ownership
from services.embedded.refusals import EmbeddedError

if TYPE_CHECKING:
    from services.embedded.suite import Suite

Say = Callable[[str], None]


def running_state(folder: Path) -> dict[str, Any] | None:
    """What runs in a home, or None; a state left by a killed supervisor is not believed."""
    try:
        state: dict[str, Any] = json.loads(running_file(folder).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None
    probe = Ownership(folder / "locks" / "suite", "Référent")
    try:
        probe.take()
    except EmbeddedError:
        return state
    probe.release()
    return None


def suite_of(folder: Path, say: Say = lambda _: None) -> "Suite":
    """The suite of a home, not started."""
    from services.embedded.suite import Suite

    return Suite(folder, say)
