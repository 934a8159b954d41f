"""`make bench`: how fast, beside the bare libraries on the same servers in the same run."""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).parents[2]))

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from services.arrears.bank_file import import_bank_file
from services.arrears.rent_account import RentAccount
from services.arrears.service import Arrears
from services.chassis.act import Act
from services.chassis.caller import Caller
from services.chassis.host import Host
from services.chassis.settings import PUBLISHERS, Settings
from services.chassis.topics import make_consumer, read_topic_batches
from services.demonstration.coda_writer import Booking, write_statement
from services.embedded.composition import Home
from services.embedded.kafka import EmbeddedKafka
from services.embedded.postgres import EmbeddedPostgres
from services.intake.letting import payment_reference_of
from services.intake.service import Intake
from services.reporting.figures import figures, known_on, period_of
from services.reporting.ingestion import ReportingReceiver
from services.reporting.rebuilding import FromKafka, rebuild
from services.reporting.service import Reporting

SLUG = "bench"
ACCOUNTS, MONTHS = 1500, 24
COMMANDS = 500
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


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def bare_library(home: Home) -> tuple[float, float]:
    """(load and save a second, events a second at 100 a transaction) of the library alone."""
    import psycopg

    with psycopg.connect(home.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE bare")
        info = admin.info
        env = {
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": "bare",
            "POSTGRES_HOST": info.host,
            "POSTGRES_PORT": str(info.port),
            "POSTGRES_USER": info.user,
            "POSTGRES_PASSWORD": info.password,
        }
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

        return COMMANDS / timed(commands), 10_000 / timed(appends)


def commands(intake: Intake) -> float:
    def work() -> None:
        for _ in range(COMMANDS):
            intake.register_dwelling(ME, uuid4().hex, date(2020, 1, 1))

    return COMMANDS / timed(work)


def open_accounts(arrears: Arrears) -> None:
    def decide(act: Act) -> None:
        for number in range(ACCOUNTS):
            lease_id = UUID(int=number + 1)
            account = RentAccount.open_account(lease_id, lease_id, date(2024, 1, 1))
            account.trigger_event(
                RentAccount.LeaseKnown,
                reference=f"L{number}",
                dwelling_reference="D",
                start_on=date(2024, 1, 1),
                rent_cents=30_000,
                charges_cents=5_000,
                payment_reference=payment_reference_of(SLUG, f"L{number}"),
                because="bench",
                occurred_on=date(2024, 1, 1),
            )
            for month in range(1, 13):
                due = date(2024, month, 10)
                arrears.charge(act, account, f"2024-{month:02d}", due, 30_000, 5_000)
            act.save(account)

    arrears.perform(ME, decide)


def movements(arrears: Arrears) -> float:
    total, seconds, opening = 0, 0.0, 0
    for number in range(1, 9):
        day = date(2024, number, 5)
        bookings = [
            Booking(35_000, day, structured=payment_reference_of(SLUG, f"L{n}"))
            for n in range(ACCOUNTS)
        ]
        content = write_statement("BE68539007547034", number, day, opening, bookings)
        opening += 35_000 * ACCOUNTS
        seconds += timed(lambda c=content: import_bank_file(arrears, ME, "bench.cod", c))
        total += ACCOUNTS
    return total / seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with EmbeddedPostgres(folder) as postgres, EmbeddedKafka(folder) as kafka:
            home = Home(folder, postgres.superuser_url, kafka.bootstrap_servers)
            home.companies_file.write_text(f'[companies.{SLUG}]\nnames = {{ fr = "Bench" }}\n')
            home.provision()
            measure(home)


def host_of(home: Home, service: str, kind: type, *more: object) -> Host:
    settings = Settings(
        service=service,
        home=home.folder,
        mode="embedded",
        database_url=home.url(service, service),
        keyring_url=home.url("keyring", service),
        kafka_bootstrap_servers=home.kafka_bootstrap_servers,
        host="127.0.0.1",
        port=0,
        links={},
    )
    return Host(settings, kind, *more)  # type: ignore[arg-type]


def measure(home: Home) -> None:
    intake, arrears = host_of(home, "intake", Intake), host_of(home, "arrears", Arrears)
    bare_commands, bare_appends = bare_library(home)
    show("command with its fact", commands(intake.service(SLUG)), bare_commands, 0.75)
    open_accounts(arrears.service(SLUG))
    show("bank movements posted", movements(arrears.service(SLUG)), bare_appends, 0.3)
    for host in (intake, arrears):
        host.start()
        service = host.service(SLUG)
        host.wait_until(lambda s=service, h=host: h.relay.caught_up(s), 120)
    rebuilding(home)
    for host in (intake, arrears):
        host.stop()


def rebuilding(home: Home) -> None:
    Reporting.folder = home.folder / "reporting"
    host = host_of(home, "reporting", Reporting, PUBLISHERS, ReportingReceiver)
    reporting = host.service(SLUG)

    def discard() -> int:
        return sum(
            len(batch)
            for publisher in PUBLISHERS
            for batch in read_topic_batches(
                make_consumer(home.kafka_bootstrap_servers, max_poll_records=20_000),
                reporting.company.topic(publisher),
            )
        )

    count = discard()
    bare = count / timed(discard)
    answer = rebuild(reporting, FromKafka(home.kafka_bootstrap_servers, reporting), by_log=False)
    show("rebuild from Kafka", answer["facts"] / answer["seconds"], bare, 0.7)
    known = known_on("2025-01-01", reporting.now())
    with reporting.store.read() as cursor:
        seconds = timed(lambda: figures(cursor, period_of(2024, known), known))
    print(f"all figures of a year   {seconds:8.3f} s over {count} facts")
    host.stop()


def show(what: str, ours: float, bare: float, floor: float) -> None:
    verdict = "" if ours / bare >= floor else f"  BELOW {floor}"
    print(f"{what:<23} {ours:9.0f}/s   bare {bare:9.0f}/s   ratio {ours / bare:5.2f}{verdict}")


if __name__ == "__main__":
    main()
