"""The whole suite on one machine: two servers, four services and the front page, one process each;
of reporting more, if asked for.

The supervisor starts them in order, starts a service again that dies, and stops them in order.
What runs where stands in `locks/state.json` of the home, readable by its owner alone: it holds the
passwords that the services use.
"""

import json
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from services.chassis.accounts import ensure_accounts
from services.chassis.settings import SERVICES, base_port, running_file
from services.embedded.folders import prepare_home
from services.embedded.forking import ForkedService, begin_importing
from services.embedded.jars import fetch_jars
from services.embedded.kafka import EmbeddedKafka
from services.embedded.ownership import Ownership
from services.embedded.plain_http import plain_http
from services.embedded.ports import is_free
from services.embedded.postgres import EmbeddedPostgres
from services.embedded.processes import turn_over
from services.embedded.refusals import EmbeddedError, unwritable
from services.embedded.running import Say
from services.embedded.servers_down import tell_down
from services.embedded.stylesheet import write_stylesheet
from services.embedded.waiting import wait_until

if TYPE_CHECKING:
    from services.chassis.provision import Provisioned
    from services.embedded.composition import Home

MODULES = {
    **{service: f"services.{service}.__main__" for service in SERVICES},
    "front": "services.embedded.front",
}
WORKERS = "REFERENT_REPORTING_WORKERS"
WORKERS_MAX = 16
READY_S = 60.0
READY_ANSWER_S = 2.0
AGAIN_S = 1.0


class Suite:
    """See the module. `start` returns when every service is ready; `watch` keeps them so."""

    def __init__(self, folder: Path, say: Say = lambda _: None) -> None:
        self.folder = folder
        self.say = say
        self.postgres = EmbeddedPostgres(folder)
        self.kafka = EmbeddedKafka(folder)
        self.ownership = Ownership(folder / "locks" / "suite", "Référent")
        self.stopping = threading.Event()
        self.children: dict[str, ForkedService] = {}
        self.down: dict[str, str] = {}
        """Servers that could not be started again, and why."""
        self.port = 0
        self.names: list[str] = list(MODULES)

    def start(self, progress: Callable[[int, int], None] | None = None) -> "Home":
        """Start everything. Errors: EmbeddedError; what was started is stopped again."""
        try:
            self.claim()
            begin_importing()
            home = self._start_servers(progress)
            self.provision(home)
            self._start_services(home)
        except BaseException:
            self.stop()
            raise
        return home

    def start_servers(self, progress: Callable[[int, int], None] | None = None) -> "Home":
        """PostgreSQL and Kafka alone, for what needs no service."""
        self.claim()
        return self._start_servers(progress)

    def claim(self) -> None:
        """Become the one who starts what is here.   Refuses: EmbeddedError."""
        prepare_home(self.folder)
        try:
            self.ownership.take()
        except EmbeddedError:
            if running_file(self.folder).exists():
                raise
            raise EmbeddedError(
                f"Another command starts or stops Référent in {self.folder}: try again in a moment."
            ) from None
        tell_down(self.folder, {})
        self.names = [*MODULES, *(f"reporting-{n}" for n in range(2, reporting_workers() + 1))]
        self.port = self._free_port()

    def _start_servers(self, progress: Callable[[int, int], None] | None) -> "Home":
        fetch_jars("kafka", self.folder, progress=progress)
        fetch_jars("pages", self.folder, progress=progress)
        write_stylesheet(self.folder / "static" / "referent.css")
        with ThreadPoolExecutor(max_workers=1) as pool:
            # A JVM takes as long to start as all the rest.
            kafka = pool.submit(self.kafka.start)
            self.postgres.start()
            _home_kind().make_databases(self.postgres.superuser_url)
            kafka.result()
        return self._home(self.kafka.bootstrap_servers)

    def provision(self, home: "Home") -> "list[Provisioned]":
        """Bring databases, topics and accounts to what `companies.toml` says."""
        ensure_accounts(self.folder, home.register())
        return home.provision()

    def _free_port(self) -> int:
        first, count = base_port(), len(self.names)
        taken = [port for port in range(first, first + count) if not is_free(port)]
        if taken:
            raise EmbeddedError(
                f"Port {taken[0]} is taken by another program: stop it, or choose {count} others "
                f"with REFERENT_PORT (for example REFERENT_PORT={first + 100})."
            )
        return first

    def _start_services(self, home: "Home") -> None:
        self._write_state(home)
        for name in self.names:
            self._start_child(name)
        with plain_http(READY_ANSWER_S) as client:
            for name in self.names:
                if not wait_until(partial(self._ready, client, name), READY_S):
                    raise EmbeddedError(
                        f"The service {name} did not get ready: {self.log_of(name)} says why."
                    )

    def log_of(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def address_of(self, name: str) -> str:
        return f"http://127.0.0.1:{self._port_of(name)}"

    def _port_of(self, name: str) -> int:
        order = ["front", *SERVICES, *(n for n in self.names if n not in MODULES)]
        return self.port + order.index(name)

    def _start_child(self, name: str) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("REFERENT_F")}
        environment |= {
            "REFERENT_HOME": str(self.folder),
            "REFERENT_PORT": str(self.port),
            "REFERENT_SUPERVISED": "1",
        }
        if name not in MODULES:
            environment["PORT"] = str(self._port_of(name))
        turn_over(self.log_of(name))
        module = MODULES[name.partition("-")[0]]
        self.children[name] = ForkedService(module, environment, self.log_of(name))

    def _ready(self, client: httpx.Client, name: str) -> bool:
        if self.children[name].exit_code is not None:
            raise EmbeddedError(
                f"The service {name} ended as it started: {self.log_of(name)} says why."
            )
        with suppress(httpx.HTTPError):
            return client.get(f"{self.address_of(name)}/health/ready").status_code == 200
        return False

    def running_home(self, state: dict[str, Any]) -> "Home":
        """The home of a suite that runs under another process."""
        return self._home(state["kafka_bootstrap_servers"])

    def _home(self, bootstrap_servers: str) -> "Home":
        return _home_kind()(self.folder, self.postgres.superuser_url, bootstrap_servers)

    def stop_orphans(self) -> bool:
        """End servers that outlived their supervisor; whether there were any."""
        self.ownership.take()
        try:
            found = self.kafka.pid is not None or self.postgres.pid is not None
            self.kafka.stop()
            self.postgres.stop()
        finally:
            self.ownership.release()
        return found

    def _write_state(self, home: "Home") -> None:
        state = {
            "pid": os.getpid(),
            "port": self.port,
            "kafka_bootstrap_servers": home.kafka_bootstrap_servers,
            "database_urls": home.database_urls(),
            "keyring_urls": home.keyring_urls(),
            "reporting": [self.address_of(n) for n in self.names if n.startswith("reporting")],
        }
        path = running_file(self.folder)
        try:
            draft = path.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
            ) as file:
                json.dump(state, file)
            draft.replace(path)
        except OSError as error:
            raise unwritable(path, error) from None

    def watch(self) -> None:
        """Until told to stop: start again what has died, server or service. The others go on."""
        while not self.stopping.wait(AGAIN_S):
            self._revive_servers()
            for name, child in list(self.children.items()):
                if child.exit_code is not None and not self.stopping.is_set():
                    self.say(f"{name} ended ({child.exit_code}), starting it again")
                    self._start_child(name)

    def _revive_servers(self) -> None:
        """One that does not start is tried again until it does: a disk is freed meanwhile."""
        for name, server in (("PostgreSQL", self.postgres), ("Kafka", self.kafka)):
            if self.stopping.is_set() or not (server.has_died or name in self.down):
                continue
            if name not in self.down:
                self.say(f"{name} ended, starting it again")
                tell_down(self.folder, {**self.down, name: "it ended and is being started again"})
            try:
                server.restart()
            except EmbeddedError as error:
                if self.down.get(name) != str(error):
                    self.say(str(error))
                self.down[name] = str(error)
            else:
                if self.down.pop(name, None) is not None:
                    self.say(f"{name} runs again")
            tell_down(self.folder, self.down)

    def stop(self) -> None:
        """Stop everything that was started, services first."""
        self.stopping.set()
        if self.ownership.held:
            # First, so that nobody is told of a suite that is about to end.
            running_file(self.folder).unlink(missing_ok=True)
        for child in self.children.values():
            child.stop()
        for child in self.children.values():
            if not child.wait(20):
                child.kill()
                child.wait(10)
        self.children.clear()
        if self.ownership.held:
            try:
                self.kafka.stop()
            finally:
                self.postgres.stop()
                self.ownership.release()


def _home_kind() -> "type[Home]":
    """Imported where servers are: it knows all four services, and a question needs none."""
    from services.embedded.composition import Home

    return Home


def reporting_workers() -> int:
    """How many processes of reporting share the companies: one, unless more are asked for.

    Errors: EmbeddedError.
    """
    text = os.environ.get(WORKERS, "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= WORKERS_MAX):
        raise EmbeddedError(f"{WORKERS}={text}: give a number from 1 to {WORKERS_MAX}.")
    return int(text)
