"""A company at work with all four services, its clock in the test's hand."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from services.arrears.imports import FileKind, import_file
from services.chassis.caller import Caller
from services.chassis.facts import read_facts, read_head
from services.chassis.host import Host
from services.intake.lease import Lease
from services.intake.leaseholders import Person
from services.intake.service import Intake
from services.reporting.shape import HEARD

ORDER = ("intake", "arrears", "followup", "reporting")


def begin(host: Host, *slugs: str) -> Host:
    """Start a host that works for these companies alone: the servers hold those of every test."""
    host.refresh()
    host.ownership.claim = lambda _: frozenset(slugs)  # type: ignore[method-assign]
    host.start()
    return host


class Company:
    """One company with its services started; `settle` waits until all have heard of all."""

    def __init__(self, slug: str, hosts: dict[str, Host], at_day: Callable[..., None]) -> None:
        self.slug = slug
        self.hosts = hosts
        self.at_day = at_day
        self.me = Caller("officer-1")

    def __getattr__(self, name: str) -> Any:
        return self.hosts[name].service(self.slug)

    def go_to(self, day: date) -> None:
        self.settle()
        self.at_day(self.slug, day)
        self.look_at_the_clock()
        self.settle()

    def look_at_the_clock(self) -> None:
        """What the timers of the services would do by themselves, a little later."""
        for name in HEARD:
            self.hosts[name].service(self.slug).tick()

    def settle(self) -> dict[str, int]:
        heads: dict[str, int] = {}
        for name in ORDER:
            host = self.hosts[name]
            receiver = host.receiver(host.service(self.slug))
            wanted = {p: heads[p] for p in host.consumes}

            def done(receiver: Any = receiver, wanted: dict[str, int] = wanted) -> bool:
                return all(receiver.standing(p).last.position >= n for p, n in wanted.items())

            assert host.wait_until(done, 20), f"{name} has not caught up"
            heads[name] = read_head(host.service(self.slug).datastore)["position"]
        return heads

    def lease_id(self, reference: str) -> Any:
        return Lease.id_of(self.slug, reference)

    def balance(self, reference: str) -> int:
        """What the lines of a lease's account add up to, in cents."""
        with self.arrears.datastore.reading() as rows:
            (found,) = rows.execute(
                "SELECT sum(cents) AS cents FROM account_line WHERE lease_id = %s",
                (self.lease_id(reference),),
            ).fetchall()
        return int(found["cents"])

    def facts(self, service: str) -> list[bytes]:
        return list(read_facts(self.hosts[service].service(self.slug).datastore))


class Crew:
    """The four services at work, for the companies that tests have in hand at the time: to start
    and stop them for one takes longer than most tests.
    """

    def __init__(self, make: Callable[[str], Host]) -> None:
        self.slugs: set[str] = set()
        self.hosts = {name: make(name) for name in ORDER}
        for host in self.hosts.values():
            host.ownership.claim = lambda _: frozenset(self.slugs)  # type: ignore[method-assign]
            host.start()

    def take(self, slug: str) -> dict[str, Host]:
        self.slugs.add(slug)
        for host in self.hosts.values():
            host.tick_wanted.set()
        return dict(self.hosts)

    def leave(self, slug: str) -> None:
        self.slugs.discard(slug)
        for host in self.hosts.values():
            host.tick_wanted.set()
            host.service(slug).close()

    def stop(self) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(Host.stop, self.hosts.values()))


@pytest.fixture(scope="session")
def crew(make_host: Callable[[str], Host]) -> Iterator[Crew]:
    found = Crew(make_host)
    yield found
    found.stop()


@pytest.fixture
def slug(new_company: Callable[..., str]) -> str:
    return new_company(date(2024, 3, 1))


@pytest.fixture
def hosts_of_its_own(slug: str, hosts: Callable[[str], Host]) -> dict[str, Host]:
    with ThreadPoolExecutor() as pool:
        return dict(zip(ORDER, pool.map(lambda name: begin(hosts(name), slug), ORDER), strict=True))


@pytest.fixture
def hosts_of_all(slug: str, crew: Crew) -> Iterator[dict[str, Host]]:
    yield crew.take(slug)
    crew.leave(slug)


@pytest.fixture
def company(request: pytest.FixtureRequest, slug: str, at_day: Callable[..., None]) -> Company:
    """A test that stops a part of the services says so: these are then its own."""
    stops = request.node.get_closest_marker("stops_a_part") is not None
    started = request.getfixturevalue("hosts_of_its_own" if stops else "hosts_of_all")
    begun = Company(slug, started, at_day)
    begun.look_at_the_clock()
    return begun


@pytest.fixture
def let(company: Company) -> Company:
    """Two leases, of Zoé and of Yves, and March charged to both: 350 € each."""
    for number, name in ((1, "Zoé Evrard"), (2, "Yves Dubois")):
        company.intake.register_dwelling(company.me, f"D{number}", date(2020, 1, 1))
        company.intake.sign_lease(
            company.me,
            f"L{number}",
            f"D{number}",
            date(2024, 3, 1),
            30_000,
            5_000,
            [Person(name)],
        )
    company.settle()
    roll = b"lease;month;rent;charges\nL1;2024-03;300;50\nL2;2024-03;300;50\n"
    taken = import_file(company.arrears, company.me, FileKind.RENT_ROLL, "roll.csv", roll)
    assert taken["flagged"] == []
    return company


@pytest.fixture
def restarted(settings_for) -> Iterator[Callable[[str], Host]]:
    """Starts intake for one company again, as after a restart."""
    made: list[Host] = []

    def start(slug: str) -> Host:
        host = Host(settings_for("intake"), Intake)
        made.append(host)
        return begin(host, slug)

    yield start
    for host in made:
        host.stop()


@pytest.fixture
def start_for() -> Callable[..., Host]:
    return begin
