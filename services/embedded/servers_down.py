"""Which servers are down and why: the supervisor tells it, `referent status` reads it.

A full disk is what ends a server most often, so the room is taken as the suite starts and written
over in place.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

SERVERS = ("PostgreSQL", "Kafka")
REASON_MAX, ROOM_BYTES = 1000, 8192


def tell_down(home: Path, down: Mapping[str, str]) -> None:
    """Say which servers are down and why; nothing where all run.

    What cannot be written stands in the log of the suite all the same.
    """
    said = json.dumps({name: why[:REASON_MAX] for name, why in down.items()}, ensure_ascii=False)
    with suppress(OSError):
        file = os.open(_place(home), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(file, said.encode().ljust(ROOM_BYTES), 0)
        finally:
            os.close(file)


def told_down(home: Path) -> dict[str, str]:
    """The servers of a running suite that are down, each with why."""
    try:
        down: dict[str, str] = json.loads(_place(home).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return down


def _place(home: Path) -> Path:
    return home / "locks" / "servers-down.json"
