"""`make bench`: how fast, beside the bare libraries on the same servers in the same run."""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from large_bank_file import bank_file, open_accounts
from latency import command_to_figure
from long_history import average_history, long_history
from measuring import host_of, library_settings, show, show_seconds, timed, timed_bare
from nightly import history, nightly_round, work_list
from readers import two_workers
from reading import library_runner, rebuilding
from scale import companies_rebuilt, show_linear, slugs_of

from services.arrears.ladder.case import Case
from services.arrears.ladder.policy import read_policy
from services.arrears.ladder.simulating import Simulation
from services.arrears.service import Arrears
from services.chassis.caller import Caller
from services.chassis.serving import collect_seldom
from services.chassis.written import read_file
from services.embedded.composition import Home
from services.embedded.kafka import EmbeddedKafka
from services.embedded.postgres import EmbeddedPostgres
from services.intake.service import Intake

POLICIES = Path(__file__).parents[2] / "services" / "arrears" / "policies"
SLUG, LONG, AVERAGE = "bench", "bench-long", "bench-average"
ACCOUNTS, MOVEMENTS, COMMANDS = 10_000, 100_000, 500
ME = Caller("bench")


class Tenancy(Aggregate):
    """The library's own aggregate, for the library's own load and save."""

    @event("Opened")
    def __init__(self, reference: str) -> None:
        self.reference = reference
        self.cents = 0

    @event("Charged")
    def charge(self, cents: int) -> None:
        self.cents += cents


def bare_library(home: Home) -> tuple[float, float]:
    """(load and save a second, events a second at 100 a transaction) of the library alone."""
    with psycopg.connect(home.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE bare")
    with psycopg.connect(home.admin_url, dbname="bare") as connection:
        env = library_settings(connection)
    with Application[UUID](env=env) as application:
        ids = []
        for number in range(50):
            tenancy = Tenancy(f"L{number}")
            application.save(tenancy)
            ids.append(tenancy.id)

        def commands() -> None:
            for number in range(COMMANDS):
                tenancy = application.repository.get(ids[number % 50])
                tenancy.charge(100)
                application.save(tenancy)

        def appends() -> None:
            for _ in range(100):
                application.save(*(Tenancy("L") for _ in range(100)))

        return COMMANDS / timed_bare(commands), 10_000 / timed_bare(appends)


def commands(intake: Intake) -> float:
    def work() -> None:
        for _ in range(COMMANDS):
            intake.register_dwelling(ME, uuid4().hex, date(2020, 1, 1))

    return COMMANDS / timed(work)


def main() -> None:
    sizes = argparse.ArgumentParser(description=__doc__)
    sizes.add_argument("--history", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    sizes.add_argument("--figures", type=int, default=2_500_000, help="facts behind the figures")
    sizes.add_argument("--average", type=int, default=540_000, help="the same, average company")
    sizes.add_argument("--companies", type=int, nargs="+", default=[1, 10, 62])
    given = sizes.parse_args()
    collect_seldom()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with EmbeddedPostgres(folder) as postgres, EmbeddedKafka(folder) as kafka:
            home = Home(folder, postgres.superuser_url, kafka.bootstrap_servers)
            slugs = [SLUG, LONG, AVERAGE, *(f"{SLUG}-{facts}" for facts in given.history)]
            slugs += slugs_of(max(given.companies))
            home.companies_file.write_text(
                "".join(f'[companies.{slug}]\nnames = {{ fr = "Bench" }}\n' for slug in slugs)
            )
            home.provision()
            writing(home)
            rates = [rebuilding(home, f"{SLUG}-{facts}", facts) for facts in given.history]
            show_linear("facts", given.history, rates)
            show_linear("companies", given.companies, companies_rebuilt(home, given.companies))
            library_runner(home)
            long_history(home, LONG, given.figures)
            average_history(home, AVERAGE, given.average)
    simulating()
    two_workers()
    command_to_figure()


def simulating() -> None:
    """One case over two years, judged by a policy."""
    policy = read_policy(read_file(POLICIES / "wallonie.yaml"))
    case = read_file(POLICIES / "cases" / "first-months.json").read(Case)
    last = date(2026, 12, 31)
    seconds = timed(lambda: [Simulation(case, [policy], last).answer() for _ in range(20)]) / 20
    show_seconds("one simulated case", seconds, 0.05)


def writing(home: Home) -> None:
    intake, arrears = host_of(home, "intake", Intake), host_of(home, "arrears", Arrears)
    bare_commands, bare_appends = bare_library(home)
    show("command with its fact", commands(intake.service(SLUG)), bare_commands, 0.75)
    open_accounts(arrears.service(SLUG), ACCOUNTS)
    bank_file(arrears.service(SLUG), ACCOUNTS, MOVEMENTS, bare_appends)
    nightly_round(arrears.service(SLUG), ACCOUNTS)
    work_list(arrears.service(SLUG))
    history(arrears.service(SLUG), ACCOUNTS)
    for host in (intake, arrears):
        host.stop()


if __name__ == "__main__":
    main()
