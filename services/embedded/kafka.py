"""A real Apache Kafka 4.4 (KRaft, one node) in a folder, on loopback alone."""

import hashlib
import signal
import subprocess
from pathlib import Path

import psutil

from services.embedded.broker import HEAP, LOCALE, java, lists_a_broker, server_properties
from services.embedded.formatting import IDENTITIES, Formatting, new_identity
from services.embedded.jars import fetch_jars
from services.embedded.ports import free_ports, is_free
from services.embedded.processes import environment, find, launch
from services.embedded.refusals import EmbeddedError, disk_full, tells_of_full_disk, unwritable
from services.embedded.server import Server
from services.embedded.start_archive import StartArchive
from services.embedded.waiting import wait_until

# A broker that was killed reads its segments again before it answers.
_START_TIMEOUT_S = 120.0
_STOP = ((signal.SIGTERM, 60.0),)
_ENDED_BY_SIGTERM = 143


class EmbeddedKafka(Server):
    """Kafka on the data of a home. The first start on a machine downloads the jars."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, "kafka", "Kafka")
        self._properties = self.data / "server.properties"
        self._kept_ports = self.data / "ports"
        self._ports: tuple[int, ...] | None = None
        self._archive: StartArchive | None = None

    @property
    def bootstrap_servers(self) -> str:
        """host:port for clients; the same in every process, and kept by the home.

        Refuses: EmbeddedError before the first start.
        """
        ports = self._ports or self._previous_ports()
        if ports is None:
            raise EmbeddedError(f"Kafka was never started in {self.home}: start the suite once.")
        return f"127.0.0.1:{ports[0]}"

    def _begin(self) -> None:
        class_path = fetch_jars("kafka", self.home)
        try:
            self._choose_ports()
            self._write_properties()
        except OSError as error:
            raise unwritable(self.data, error) from None
        self._archive = StartArchive(class_path, HEAP)
        if not (self.data / "log" / IDENTITIES).exists():
            self._format(class_path, *self._archive.loaded())
        self._serve(java(class_path, self.data / "tmp", *self._archive.options()))

    def _choose_ports(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self._ports is not None:
            if not all(is_free(port) for port in self._ports):
                raise EmbeddedError(
                    f"Another program listens on port {self._ports[0]} or {self._ports[1]}, "
                    "which Kafka had: stop that program, then start again."
                )
            return
        previous = self._previous_ports()
        reusable = previous is not None and all(is_free(port) for port in previous)
        self._ports = previous if reusable else free_ports(2)
        self._kept_ports.write_text(" ".join(map(str, self._ports or ())), "ascii")

    def _previous_ports(self) -> tuple[int, ...] | None:
        try:
            client, controller = map(int, self._kept_ports.read_text("ascii").split())
        except (OSError, ValueError):
            return None
        return client, controller

    def _write_properties(self) -> None:
        assert self._ports is not None
        client, controller = self._ports
        text = server_properties(self.data / "log", client, controller)
        self._properties.write_text(text, "ascii")
        (self.data / "tmp").mkdir(mode=0o700, exist_ok=True)
        # The native parts of the compression libraries are unpacked here at each start, and a
        # killed broker leaves them behind.
        for leftover in (self.data / "tmp").iterdir():
            leftover.unlink()

    def _format(self, class_path: tuple[Path, ...], *options: str) -> None:
        folder = self.data / "log"
        made_of = (*(path.name for path in class_path), server_properties(Path("log"), 0, 0))
        known = hashlib.sha256(" ".join(made_of).encode()).hexdigest()[:12]
        formatting = Formatting(class_path[0].parent, f"kafka-{known}")
        is_new = not folder.exists()
        try:
            if is_new and formatting.copy_to(folder):
                return
        except OSError as error:
            raise unwritable(self.data, error) from None
        done = subprocess.run(
            [
                *java(class_path, self.data / "tmp", *options),
                "kafka.tools.StorageTool",
                "format",
                f"--cluster-id={new_identity()}",
                f"--config={self._properties}",
                "--ignore-formatted",
            ],
            check=False,
            env=environment(LOCALE),
            capture_output=True,
            text=True,
            errors="replace",
        )
        if done.returncode != 0:
            raise self._failed_start(done.stderr or done.stdout)
        if is_new:
            formatting.keep(folder)

    def _serve(self, command: list[str]) -> None:
        begins_at = self.log.stat().st_size if self.log.exists() else 0
        command += ["kafka.Kafka", str(self._properties)]
        self._child = child = launch(command, self.log, locale=LOCALE)
        wait_until(lambda: child.poll() is not None or self._answers(), _START_TIMEOUT_S)
        if not self._answers():
            text = self.log.read_text("utf-8", "replace")
            raise self._failed_start(text[begins_at:] or text)

    def _answers(self) -> bool:
        return self._is_alive and self._ports is not None and lists_a_broker(self._ports[0])

    def _failed_start(self, said: str) -> EmbeddedError:
        if tells_of_full_disk(said):
            return disk_full(self.data)
        errors = [line for line in said.splitlines() if "Exception: " in line or "ERROR" in line]
        reason = errors[-1].strip() if errors else "no reason given"
        return EmbeddedError(f"Kafka in {self.data} does not start ({reason}): see {self.log}.")

    def _running(self) -> psutil.Process | None:
        return find("java", str(self._properties))

    def _clear(self) -> None:
        in_order = self._end(*_STOP) == _ENDED_BY_SIGTERM
        if in_order and self._archive is not None:
            self._archive.keep()
