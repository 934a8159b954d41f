"""Services as processes forked from one that has imported what they are made of.

To import it takes longer than all the rest of a start, and forked processes share its memory. The
fork server is the standard library's: it does nothing else and ends with those it forked.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import chdir
from importlib import import_module
from multiprocessing import forkserver, get_context
from multiprocessing.connection import Connection
from pathlib import Path

from setproctitle import setproctitle

from services.chassis.failpoint import arm
from services.embedded.refusals import unwritable

CODE = Path(__file__).parents[2]

_forks = get_context("forkserver")


def begin_importing() -> None:
    """Let the fork server begin; whoever forks waits until it has imported everything."""
    _forks.set_forkserver_preload(["services.embedded.imported"])
    with chdir(CODE):  # where it begins is the first place in which it looks for what it imports
        forkserver.ensure_running()


class ForkedService:
    """A module's `main` at work, as `python -m` runs it. It ends with whoever started it."""

    def __init__(self, module: str, environment: Mapping[str, str], log: Path) -> None:
        # The pipe is how a child learns that its supervisor is gone, even by SIGKILL.
        end_of_child, self._supervising = _forks.Pipe(duplex=False)
        self._process = _forks.Process(
            target=_run, args=(module, dict(environment), str(log), end_of_child), daemon=True
        )
        try:
            self._process.start()
        except OSError as error:
            raise unwritable(log, error) from None
        end_of_child.close()

    @property
    def exit_code(self) -> int | None:
        """None while it runs; below 0 when a signal ended it."""
        return self._process.exitcode

    def stop(self) -> None:
        """Ask it to end in order."""
        self._supervising.close()
        self._process.terminate()

    def wait(self, timeout_s: float) -> bool:
        """Whether it has ended."""
        self._process.join(timeout_s)
        return self._process.exitcode is not None

    def kill(self) -> None:
        self._process.kill()


def _run(module: str, environment: dict[str, str], log: str, supervisor: Connection) -> None:
    # Before the environment is another: the title is written over where it stood.
    setproctitle(f"{sys.executable} -m {module.removesuffix('.__main__')}")
    os.setsid()
    os.chdir(CODE)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for number in (1, 2):
        os.dup2(output, number)
    os.close(output)
    os.dup2(supervisor.fileno(), 0)
    supervisor.close()
    os.environ.clear()
    os.environ.update(environment)
    arm("")  # the supervisor's own fail-points, if any, are not its services'
    sys.exit(import_module(module).main())
