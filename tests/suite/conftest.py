"""The suite as an operator meets it: processes, commands, one played company for all."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from services.demonstration.company import DemonstrationCompany
from services.demonstration.steps import Day
from services.embedded.commands import status
from services.embedded.ports import is_free
from services.embedded.postgres import EmbeddedPostgres
from services.embedded.running import running_state
from services.embedded.shown import Shown
from services.embedded.waiting import wait_until
from services.reporting.shape import HEARD

ROOT = Path(__file__).parents[2]
REFERENT = [sys.executable, "-m", "services"]
LEASES, MONTHS = 40, 13
COMMAND_S = 420
PORTS = 20


def free_ports() -> int:
    """The first of enough ports in a row that nobody listens on: another clone may be at it."""
    rows = (range(first, first + PORTS) for first in range(9600, 20_000, PORTS))
    return next(row.start for row in rows if all(map(is_free, row)))


@dataclass(frozen=True)
class Said:
    """What one command answered."""

    code: int
    out: bytes
    err: str
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Suite:
    """A home and the command line on it. `heads`: positions of each service after the play."""

    home: Path
    port: int
    workers: int = 1
    demo: dict[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        # A short sweep: what is written past the services is found at once.
        return {
            **os.environ,
            "REFERENT_HOME": str(self.home),
            "REFERENT_PORT": str(self.port),
            "SWEEP_S": "0.5",
            "REFERENT_REPORTING_WORKERS": str(self.workers),
        }

    folder = ROOT

    def command(self, *arguments: str) -> list[str]:
        return [*REFERENT, *arguments]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str) -> Said:
        began = time.monotonic()
        process = self.start(*arguments)
        try:
            out, err = process.communicate(timeout=COMMAND_S)
        except BaseException:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
            raise
        return Said(process.returncode, out, err.decode(), time.monotonic() - began)

    def run_all(self, commands: list[tuple[str, ...]]) -> list[Said]:
        """Several commands that do not wait for each other, two at a time."""
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda arguments: self.run(*arguments), commands))

    def json(self, *arguments: str, code: int = 0) -> Any:
        said = self.run(*arguments, "--format", "json")
        assert said.code == code, (said.code, said.err, said.out[:500])
        return said.json

    def facts(self, company: str, service: str, *more: str) -> list[bytes]:
        said = self.run("facts", "--company", company, "--service", service, *more)
        assert said.code == 0, said.err
        return said.out.splitlines()

    @property
    def state(self) -> dict[str, Any]:
        state = running_state(self.home)
        assert state is not None, "nothing runs in this home"
        return state

    @property
    def is_up(self) -> bool:
        return running_state(self.home) is not None

    def up(self) -> Said:
        said = self.run("up", "--format", "json")
        assert said.code == 0, said.err
        return said

    def status_says(self, right: Callable[[dict[str, Any]], bool], timeout_s: float = 90) -> None:
        """Ask what `status` asks until the answer is right, then `status` itself."""
        last: list[Any] = []

        def asked() -> bool:
            told = io.StringIO()
            code = status(self.home, Namespace(), Shown(as_json=True, out=told, err=io.StringIO()))
            last[:] = [code, told.getvalue()]
            return right({"code": code, **json.loads(told.getvalue())})

        assert wait_until(asked, timeout_s), last
        said = self.run("status", "--format", "json")
        assert right({"code": said.code, **said.json}), said

    def connect(self, database: str) -> psycopg.Connection[Any]:
        """As the superuser, for what an administrator does."""
        url = EmbeddedPostgres(self.home).superuser_url
        return psycopg.connect(url, dbname=database, autocommit=True)

    @property
    def services(self) -> list[psutil.Process]:
        """What its supervisor had forked; each process is called by what it runs."""
        found = []
        for process in psutil.Process(self.state["pid"]).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it may end while one looks
                found += [process] if " -m services." in process.cmdline()[0] else []
        return found

    def process_of(self, name: str) -> psutil.Process:
        """The process of this suite that runs a service, or the front page."""
        (found,) = [p for p in self.services if p.cmdline()[0].endswith(f".{name}")]
        return found


@dataclass(frozen=True)
class Story:
    """The days that were played, as the generator wrote them."""

    company: DemonstrationCompany

    @cached_property
    def days(self) -> list[Day]:
        return list(self.company.days())


@pytest.fixture(scope="session")
def story() -> Story:
    return Story(DemonstrationCompany(leases=LEASES, months=MONTHS))


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """A home whose demonstration was played by `demo --exit`; nothing of it runs afterwards."""
    suite = Suite(tmp_path_factory.getbasetemp() / "played", free_ports())
    size = ("--leases", str(LEASES), "--months", str(MONTHS))
    try:
        suite.demo = suite.json("demo", *size, "--exit")
        yield suite
    finally:
        suite.run("down")


@pytest.fixture
def suite(played: Suite) -> Suite:
    """The played home, up."""
    if not played.is_up:
        played.up()
    return played


@pytest.fixture
def elsewhere(played: Suite, tmp_path: Path) -> Iterator[Suite]:
    """Another machine, up: it knows the company's name and nothing of its log."""
    suite = Suite(tmp_path / "elsewhere", free_ports())
    suite.home.mkdir()
    shutil.copy(played.home / "companies.toml", suite.home)
    try:
        suite.up()
        yield suite
    finally:
        suite.run("down")


@pytest.fixture(scope="session")
def log(played: Suite) -> dict[str, list[bytes]]:
    """Every fact of the play, as `referent facts` gives them."""
    if not played.is_up:
        played.up()
    heads = played.demo["facts"]
    return {
        service: played.facts("demonstration", service, "--to", str(heads[service]))
        for service in HEARD
    }


SLUG = "foyer-de-sambre"
REGISTERED = """
[companies.foyer-de-sambre]
names = { fr = "Le Foyer de Sambre" }
commune = "Charleroi"
bank_accounts = ["BE71 0961 2345 6769"]
"""
IMPORT_KEYS = {
    *("kind", "file", "sha256", "state", "statements", "accepted"),
    *("refused", "flagged", "unmatched", "facts"),
}


@pytest.fixture(scope="session")
def own(played, log):
    """A company of one's own beside the demonstration."""
    with (played.home / "companies.toml").open("a", encoding="utf-8") as file:
        file.write(REGISTERED)
    provisioned = played.json("provision")["companies"]
    created = {company["company"]: company["created"] for company in provisioned}
    assert created[SLUG]
    assert not created["demonstration"]
    return played


@pytest.fixture
def imported(own, tmp_path):
    """Import a content under a name; what `referent import` said."""

    def run(kind, name, content, *more):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = own.run("import", kind, str(path), "--company", SLUG, "--format", "json", *more)
        assert set(said.json) >= IMPORT_KEYS, said.json
        return said.code, said.json

    return run
