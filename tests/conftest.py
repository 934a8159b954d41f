"""What all tests share: one real PostgreSQL, one real Kafka, companies made as they are needed."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from services.chassis.clock import moment_on
from services.chassis.companies import read_register
from services.chassis.host import Host
from services.chassis.provision import provision
from services.chassis.receiving import Receiver
from services.chassis.serving import collect_seldom
from services.chassis.settings import SERVICES, Settings
from services.embedded.composition import PARTS, Home
from services.embedded.kafka import EmbeddedKafka
from services.embedded.kinds import KINDS
from services.embedded.postgres import EmbeddedPostgres
from services.reporting.ingestion import ReportingReceiver
from services.reporting.service import Reporting

ACTING = ("intake", "followup", "arrears")
CONSUMES = {part.service: part.consumes for part in PARTS}
AHEAD = 6
_numbers = itertools.count(1)
# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
LONGEST = (
    *("suite", "pages", "doors", "reporting", "intake", "bench", "arrears", "chaos", "embedded"),
    *("workers", "demonstration", "ladder", "journeys"),
)
"""Stories last: they wait more than they work, and many small ones end at the same time."""


# As in a service: the collector stops every test to look through what was imported.
collect_seldom()


class ByFolder(LoadScopeScheduling):
    """Tests of one folder share one process and its servers; stories stand each for itself."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", maxsplit=1)[0]
        folder = file.rpartition("/")[0]
        return file if folder.endswith("journeys") else folder


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    return ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders that take longest first, so that the processes end at about the same time."""
    places = {folder: place for place, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(LONGEST)))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    # No test cuts the power, and what a killed process wrote the kernel still has.
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), {"fsync": "off"}) as server:
        yield server


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    with EmbeddedKafka(tmp_path_factory.mktemp("kafka")) as server:
        yield server


@pytest.fixture(scope="session")
def home(
    tmp_path_factory: pytest.TempPathFactory, postgres: EmbeddedPostgres, kafka: EmbeddedKafka
) -> Home:
    """Three companies from the first day; more are made by `new_company`."""
    folder = tmp_path_factory.mktemp("home")
    home = Home(folder, postgres.superuser_url, kafka.bootstrap_servers)
    home.companies_file.write_text(
        "".join(
            f'[companies.{slug}]\nnames = {{ fr = "{slug.title()}" }}\n'
            for slug in ("alpha", "beta", "gamma")
        ),
        encoding="utf-8",
    )
    home.provision()
    return home


@pytest.fixture(scope="session")
def new_company(home: Home, at_day: Callable[..., None]) -> Callable[..., str]:
    """Makes a company of the test's own; with a day, a demonstration whose clock stands there."""
    ready: list[str] = []
    ahead = itertools.chain((2,), itertools.repeat(AHEAD))

    def make(day: date | None = None, more: str = "") -> str:
        if not ready:
            ready.extend(f"company-{next(_numbers)}" for _ in range(next(ahead)))
            make_room(home, ready)
        slug = ready.pop(0)
        with home.companies_file.open("a", encoding="utf-8") as file:
            demonstration = "true" if day else "false"
            file.write(
                f'[companies.{slug}]\nnames = {{ fr = "{slug.title()}" }}\n'
                f"demonstration = {demonstration}\n{more}\n"
            )
        if day:
            at_day(slug, day)
        return slug

    return make


def make_room(home: Home, slugs: list[str]) -> None:
    """Schemas, roles and topics of several companies at once: each for itself takes longer."""
    draft = home.folder / "ahead.toml"
    entries = (f'[companies.{slug}]\nnames = {{ fr = "{slug.title()}" }}\n' for slug in slugs)
    draft.write_text("".join(entries), encoding="utf-8")
    servers = home.admin_url, home.kafka_bootstrap_servers
    secrets = home.folder / "secrets"
    provision(*servers, read_register(draft), PARTS, home.passwords, secrets)


def set_clock(
    databases: Mapping[str, psycopg.Connection[Any]],
    slug: str,
    day: date,
    hour: int = 9,
    minute: int = 0,
    services: Iterable[str] = ACTING,
) -> None:
    """Make a demonstration's clock stand at a moment, in every service whose acts a test does."""
    shown = moment_on(day, hour, minute)
    for service in services:
        databases[service].execute(
            f"INSERT INTO c_{slug.replace('-', '_')}.clock VALUES (true, %s, %s, false)"
            " ON CONFLICT (one) DO UPDATE SET shown_at = excluded.shown_at",
            (shown, datetime.now(UTC)),
        )


@pytest.fixture(scope="session")
def at_day(home: Home) -> Iterator[Callable[..., None]]:
    with ExitStack() as opened:
        databases = {
            name: opened.enter_context(
                psycopg.connect(home.admin_url, dbname=name, autocommit=True)
            )
            for name in SERVICES
        }
        yield partial(set_clock, databases)


def settings_of(home: Home, service: str, port: int = 0) -> Settings:
    return home.settings(service, port=port, pool_connections_max=8, sweep_s=2)


@pytest.fixture(scope="session")
def settings_for(home: Home) -> Callable[[str], Settings]:
    return lambda service: settings_of(home, service)


@pytest.fixture(scope="session")
def make_host(home: Home) -> Callable[[str], Host]:
    """Makes a host of a service; whoever asks starts and stops it."""
    Reporting.folder = home.folder / "reporting"

    def make(service: str) -> Host:
        receiver = ReportingReceiver if service == "reporting" else Receiver
        return Host(settings_of(home, service), KINDS[service], CONSUMES[service], receiver)

    return make


@pytest.fixture
def hosts(make_host: Callable[[str], Host]) -> Iterator[Callable[[str], Host]]:
    """A host a service, made when first asked for and stopped after the test; not started."""
    made: dict[str, Host] = {}

    def host(service: str) -> Host:
        if service not in made:
            made[service] = make_host(service)
        return made[service]

    yield host
    with ThreadPoolExecutor() as pool:
        list(pool.map(Host.stop, made.values()))


@pytest.fixture
def home_folder(tmp_path: Path) -> Path:
    return tmp_path / "home"
