"""What stands round the workers: a publisher, and PostgreSQL and the kernel as witnesses."""

import json
import os
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from services.chassis.caller import Caller
from services.chassis.facts import read_head
from services.chassis.host import Host
from services.chassis.identity import mint_token
from services.chassis.ownership import number_of
from services.embedded.composition import Home
from services.embedded.kafka import EmbeddedKafka
from services.embedded.ports import free_ports
from services.embedded.postgres import EmbeddedPostgres
from services.embedded.waiting import wait_until
from services.intake.service import Intake
from services.reporting.workers.locks import MARK

SLUGS = ("amay", "binche", "chimay")
MOVED_S = 90.0
OWNERS = """
SELECT l.objid::bigint, a.application_name, a.pid
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.granted AND a.datname = 'reporting'
  AND starts_with(a.application_name, %s)
"""


def now() -> str:
    """Facts recorded up to this moment are known on it, later ones are not."""
    return datetime.now(UTC).isoformat()


@dataclass
class WorkerProcess:
    """`python -m services.reporting` on a port of its own."""

    home: Home
    port: int
    first_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def begin(self) -> None:
        links = {"reporting": f"http://127.0.0.1:{self.first_port}"}
        with (self.home.folder / f"worker-{self.port}.log").open("ab") as log:
            self.process = self._started(log, links)

    def _started(self, log: Any, links: dict[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "services.reporting"],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ
            | {
                "REFERENT_HOME": str(self.home.folder),
                "REFERENT_LINKS": json.dumps(links),
                "DATABASE_URL": self.home.url("reporting", "reporting"),
                "KEYRING_DATABASE_URL": self.home.url("keyring", "reporting"),
                "KAFKA_BOOTSTRAP_SERVERS": self.home.kafka_bootstrap_servers,
                "PORT": str(self.port),
                "SWEEP_S": "0.5",
            },
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def opened(self) -> set[str]:
        """The companies whose file this process has open."""
        assert self.process is not None
        with suppress(psutil.Error):
            files = [Path(file.path) for file in psutil.Process(self.process.pid).open_files()]
            return {file.name.rpartition("-")[0] for file in files if file.suffix == ".duckdb"}
        return set()

    def ask(self, method: str, path: str, account: str, **more: Any) -> httpx.Response:
        token = mint_token(self.home.folder, account)
        headers = {"authorization": f"Bearer {token}"} | more.pop("headers", {})
        url = f"http://{self.address}{path}"
        return httpx.request(method, url, headers=headers, timeout=60, **more)

    def figures(self, slug: str, known_on: str) -> Any:
        asked = {"known_on": known_on}
        answer = self.ask("GET", f"/api/{slug}/figures/2025", f"auditor.{slug}", params=asked)
        assert answer.status_code == 200, answer.text
        # When a file was made anew is of each worker's own.
        return {name: told for name, told in answer.json().items() if name != "rebuilt_at"}

    def digest(self, slug: str) -> str:
        """Of the views made anew; they are as those that served."""
        answer = self.ask("POST", f"/api/{slug}/rebuild", "operator")
        assert answer.status_code == 200, answer.text
        assert answer.json()["identical_to_previous"]
        return str(answer.json()["digest"])

    def took(self, slug: str, position: int) -> bool:
        """Whether whoever serves the company has read so far."""
        asked = {"intake": position, "timeout_s": 10}
        try:
            answer = self.ask("GET", f"/api/{slug}/settled", "operator", params=asked)
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and answer.json()["settled"]


@dataclass
class Crew:
    home: Home
    workers: list[WorkerProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        first, second = free_ports(2)
        first, second = sorted((first, second))
        self.workers = [WorkerProcess(self.home, port, first) for port in (first, second)]
        settings = self.home.settings("intake", pool_connections_max=6, sweep_s=0.3)
        self.intake = Host(settings, Intake)
        self.intake.start()
        self.admin = psycopg.connect(self.home.admin_url, dbname="reporting", autocommit=True)

    def end(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.admin.close()
        self.intake.stop()

    def publish(self, slug: str, size: int = 40) -> int:
        """Record dwellings; the position of the last."""
        service = self.intake.service(slug)
        base = read_head(service.datastore)["position"]

        def decide(act: Any) -> None:
            lines = [
                {
                    "reference": f"{base}-{number}",
                    "registered_on": date(2024, 1, 1),
                    "bedrooms": None,
                    "unlettable_from": None,
                    "unlettable_reason": None,
                }
                for number in range(size)
            ]
            service.import_dwellings(act, lines)

        service.perform(Caller("test"), decide)
        return int(read_head(service.datastore)["position"])

    def owners(self) -> dict[str, list[str]]:
        """Where the owners of each company listen, as PostgreSQL has it."""
        found = defaultdict(list)
        names = {number_of(slug) % 2**32: slug for slug in SLUGS}
        for number, name, _ in self.admin.execute(OWNERS, (MARK,)).fetchall():
            found[names[number]].append(name.removeprefix(MARK))
        return dict(found)

    def owner(self, slug: str) -> WorkerProcess:
        (address,) = self.owners()[slug]
        (found,) = (worker for worker in self.workers if worker.address == address)
        return found

    def other(self, worker: WorkerProcess) -> WorkerProcess:
        (found,) = (other for other in self.workers if other is not worker)
        return found

    def is_shared(self) -> bool:
        """Each company has one owner that has it open, and each worker owns something."""
        owners = self.owners()
        opened = [worker.opened() for worker in self.workers]
        return (
            sorted(owners) == list(SLUGS)
            and all(len(found) == 1 for found in owners.values())
            and {found for (found,) in owners.values()} == {w.address for w in self.workers}
            and all(
                {slug for slug, (address,) in owners.items() if address == worker.address} == those
                for worker, those in zip(self.workers, opened, strict=True)
            )
        )

    def settled(self) -> None:
        assert wait_until(self.is_shared, MOVED_S), (self.owners(), self.opened())
        for slug in SLUGS:
            head = read_head(self.intake.service(slug).datastore)["position"]
            assert wait_until(lambda s=slug, h=head: self.workers[0].took(s, h), MOVED_S)

    def opened(self) -> list[set[str]]:
        return [worker.opened() for worker in self.workers]

    @contextmanager
    def nothing_open_twice(self) -> Iterator[None]:
        """Look without pause whether a company's files are open in both processes."""
        twice: list[set[str]] = []
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.05):
                first, second = self.opened()
                if first & second:
                    twice.append(first & second)

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
        assert not twice


@contextmanager
def at_work(folder: Path, kafka: EmbeddedKafka) -> Iterator[Crew]:
    """Both workers on a PostgreSQL of their own, with some facts of each company taken."""
    with EmbeddedPostgres(folder) as postgres:
        home = Home(folder, postgres.superuser_url, kafka.bootstrap_servers)
        home.companies_file.write_text(
            "".join(f'[companies.{slug}]\nnames = {{ fr = "{slug}" }}\n' for slug in SLUGS), "utf-8"
        )
        home.provision()
        crew = Crew(home)
        try:
            for worker in crew.workers:
                worker.begin()
            for slug in SLUGS:
                crew.publish(slug)
            crew.settled()
            yield crew
        finally:
            crew.end()
