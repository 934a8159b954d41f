"""One owner per server and home: the lock that keeps a second start away from the same data."""

import fcntl
import os
from io import TextIOWrapper
from pathlib import Path

from services.embedded.refusals import EmbeddedError, unwritable


class Ownership:
    """A kernel lock on a file below the home; it falls with its process, however that ends."""

    def __init__(self, lock: Path, server: str) -> None:
        self._lock = lock
        self._server = server
        self._file: TextIOWrapper | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def take(self) -> None:
        """Become the owner.

        Refuses: EmbeddedError naming the process that is the owner.
        """
        if self._file is not None:
            return
        try:
            file = self._lock.open("a+", encoding="ascii")
        except OSError as error:
            raise unwritable(self._lock, error) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            file.close()
            raise EmbeddedError(
                f"{self._server} in {self._lock.parent.parent} already runs under process {owner}: "
                "stop that one first, or set REFERENT_HOME to another folder."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let the next one own it; nothing happens when it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None
