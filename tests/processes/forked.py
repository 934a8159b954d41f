"""Processes to kill and to stop, forked from one that has imported everything: a test that starts
twenty of them would spend its time importing.
"""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from services.chassis.failpoint import arm

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    [
        "services.intake.service",
        "services.followup.service",
        "services.arrears.imports",
        "services.reporting.ingestion",
        "services.embedded.composition",
    ]
)


LONGEST_S = 120


class Forked:
    """`run(there, *arguments)` in a process of its own, with fail-points armed.

    What it sends `there` is received `here`; it ends with its parent.
    """

    def __init__(self, run: Callable[..., None], *arguments: Any, failpoints: str = "") -> None:
        self.here, there = _forks.Pipe()
        self.process = _forks.Process(
            target=_run, args=(run, failpoints, there, *arguments), daemon=True
        )
        self.process.start()
        there.close()

    @property
    def alive(self) -> bool:
        return self.process.is_alive()

    def signal(self, number: int) -> None:
        if self.process.pid is not None and self.alive:
            os.kill(self.process.pid, number)

    def told(self) -> Any:
        """What it sends next; None when it ends without a word. Fails after two minutes."""
        assert self.here.poll(LONGEST_S), "it neither said anything nor ended"
        try:
            return self.here.recv()
        except EOFError:
            return None

    def end(self) -> int | None:
        """Wait for its end. Gives the exit code, below 0 for a signal."""
        self.process.join(LONGEST_S)
        self.here.close()
        return self.process.exitcode

    def kill(self) -> None:
        self.process.kill()
        self.end()


def _run(run: Callable[..., None], failpoints: str, there: Connection, *arguments: Any) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    arm(failpoints)
    run(there, *arguments)
