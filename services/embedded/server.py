"""What the servers of a home have in common: at most one on its data, whoever asks."""

import signal
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from services.embedded.folders import prepare_home
from services.embedded.ownership import Ownership
from services.embedded.processes import end


class Server(ABC):
    """A server on the data of a home. One that a killed run left behind is stopped first, then a
    new one is started.
    """

    def __init__(self, home: Path, folder: str, name: str) -> None:
        self.home = home.absolute()
        self.data = self.home / folder
        self.log = self.home / "logs" / f"{folder}.log"
        self._ownership = Ownership(self.home / "locks" / f"{folder}.lock", name)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the server on this data, whoever started it; None when none runs."""
        if self._child is not None and self._is_alive:
            return self._child.pid
        running = self._running()
        return running.pid if running else None

    @property
    def has_died(self) -> bool:
        """Whether the server that was started here ended without being stopped."""
        return self._child is not None and not self._is_alive

    @property
    def _is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start the server and wait until it answers; nothing happens when it runs already.

        Where it listens is where it last did, as long as nobody else took the place.
        Refuses: EmbeddedError, among others when another process owns this home's server.
        """
        if self._answers():
            return
        prepare_home(self.home)
        self._ownership.take()
        try:
            self._clear()
            self._begin()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and wait for its end, also one that a killed run left behind.

        Refuses: EmbeddedError when another living process owns it.
        """
        if not self._ownership.held:
            if self._running() is None:
                return
            self._ownership.take()
        try:
            self._clear()
        finally:
            self._ownership.release()

    def restart(self) -> None:
        """Stop and start on the same data and in the same place.

        Refuses: EmbeddedError when another program took the place in between.
        """
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @abstractmethod
    def _begin(self) -> None:
        """Start it on data that no other server is on, and wait until it answers.

        Refuses: EmbeddedError.
        """

    @abstractmethod
    def _answers(self) -> bool:
        """Whether the server that was started here takes connections."""

    @abstractmethod
    def _running(self) -> psutil.Process | None:
        """The server that runs on this data, whoever started it."""

    @abstractmethod
    def _clear(self) -> None:
        """End whatever runs on this data."""

    def _end(self, *how: tuple[signal.Signals, float]) -> int | None:
        """End ours and one that was left behind; how ours ended, None where there was none."""
        code = None
        if self._child is not None:
            if self._is_alive:
                end(psutil.Process(self._child.pid), *how)
            code = self._child.wait()
            self._child = None
        orphan = self._running()
        if orphan is not None:
            end(orphan, *how)
        return code
