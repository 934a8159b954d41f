"""Facts read back: a rebuild from Kafka, the library's own runner, figures over a long history."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from from_archive import from_the_archive
from kafka import TopicPartition
from made_up_log import Log, leases, money
from measuring import host_of, library_settings, show, timed_bare

from services.chassis.topics import end_offset, make_consumer, make_producer, send
from services.embedded.composition import Home
from services.reporting.ingestion import ReportingReceiver
from services.reporting.rebuilding import FromKafka, rebuild
from services.reporting.service import Reporting
from services.reporting.shape import HEARD

RUNNER_EVENTS = 3_000
_rates: list[float] = []


def rebuilding(home: Home, slug: str, facts: int) -> float:
    """A company's views from its topics, beside reading the same topics and throwing them away;
    how many facts a second.
    """
    Reporting.folder = home.folder / "reporting"
    host = host_of(home, "reporting", Reporting, HEARD, ReportingReceiver)
    reporting = host.service(slug)
    publish(home, reporting.company, facts)
    bare = facts / min(timed_bare(lambda: discard(home, reporting.company)) for _ in range(2))
    source = FromKafka(home.kafka_bootstrap_servers, reporting)
    answers = [rebuild(reporting, source, by_log=False) for _ in range(2)]
    assert answers[1]["identical_to_previous"]
    rate = max(answer["facts"] / answer["seconds"] for answer in answers)
    _rates.append(rate)
    show(f"rebuild from Kafka, {facts} facts", rate, bare, 0.7 if facts >= 1_000_000 else 0)
    logs = {
        publisher: [content for of, content in made_up(slug, facts) if of == publisher]
        for publisher in HEARD
    }
    from_the_archive(reporting, home.folder / "archive" / slug, logs, facts)
    host.stop()
    return rate


def made_up(slug: str, facts: int) -> Iterator[tuple[str, bytes]]:
    """(publisher, bytes) of so many facts."""
    accounts = max(50, facts // 200)
    intake, arrears = Log("intake", slug), Log("arrears", slug)
    made = chain(
        (("intake", c) for c in leases(intake, accounts)),
        (("arrears", c) for c in money(arrears, accounts, 120)),
    )
    return islice(made, facts)


def publish(home: Home, company: Any, facts: int) -> None:
    producer = make_producer(home.kafka_bootstrap_servers)
    for number, (publisher, content) in enumerate(made_up(company.slug, facts)):
        send(producer, company.topic(publisher), "k", content)
        if number % 20_000 == 0:
            producer.flush(timeout=60)
    producer.flush(timeout=60)
    producer.close()


def discard(home: Home, company: Any) -> None:
    """kafka-python alone: poll until the end of each topic."""
    for publisher in HEARD:
        partition = TopicPartition(company.topic(publisher), 0)
        consumer = make_consumer(home.kafka_bootstrap_servers, max_poll_records=20_000)
        end = end_offset(consumer, partition.topic)
        consumer.assign([partition])
        consumer.seek(partition, 0)
        while consumer.position(partition) < end:
            consumer.poll(timeout_ms=1000)
        consumer.close()


class Account(Aggregate):
    """What the library's own projection runner is given to count."""

    class Opened(Aggregate.Created):
        cents: int

        def apply(self, aggregate: Any) -> None:
            aggregate.cents = self.cents


class Sums(PostgresTrackingRecorder):
    def add(self, cents: int, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute("UPDATE sums SET cents = cents + %s", (cents,))


class Summing(Projection[Sums]):
    name = "summing"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.add(domain_event.cents, tracking)


def library_runner(home: Home) -> None:
    """The library's runner: one event a transaction, read model and tracking together."""
    with psycopg.connect(home.admin_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE runner")
    with psycopg.connect(home.admin_url, dbname="runner", autocommit=True) as connection:
        connection.execute("CREATE TABLE sums (cents bigint); INSERT INTO sums VALUES (0)")
        env = library_settings(connection)
    with Application[UUID](env=env) as application:
        for _ in range(RUNNER_EVENTS // 100):
            application.save(*(Account._create(Account.Opened, cents=1) for _ in range(100)))
    runner = ProjectionRunner(
        application_class=Application[UUID],
        projection_class=Summing,
        view_class=Sums,
        env=env,
    )

    def project() -> None:
        with runner:
            runner.wait(RUNNER_EVENTS, timeout=120)

    show("rebuild, the library's runner", _rates[-1], RUNNER_EVENTS / timed_bare(project), 50)
