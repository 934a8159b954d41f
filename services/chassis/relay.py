"""From the fact log to Kafka: in order, every acknowledgement awaited, then the position saved.

Any error: start again from the saved position, of one company where it is that one's. At every
start the topic is compared with the log first; a topic that is ahead of the log or tells another
history means that the database was restored from an older backup: then nothing is sent and commands
are refused until it is mended.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from contracts.envelope import hash_of, log_of
from services.chassis.facts import select_facts
from services.chassis.failpoint import failpoint
from services.chassis.log import say, warn
from services.chassis.position_rule import LastTaken
from services.chassis.topics import (
    TRIED_AGAIN_S,
    Follower,
    end_offset,
    make_consumer,
    make_producer,
    read_topic,
    send,
)

if TYPE_CHECKING:
    from services.chassis.host import Host
    from services.chassis.service import Service

logger = logging.getLogger("referent.relay")
PAGE = 2000

TABLES = """
CREATE TABLE IF NOT EXISTS public.news (
    company text PRIMARY KEY,
    role text NOT NULL,
    position bigint NOT NULL DEFAULT 0
)
"""


class RelayBroken(RuntimeError):
    """The topic is not as we left it: start again by comparing."""


class Relay:
    """Sends the facts of the companies that `host` owns. One a process; two are safe."""

    def __init__(self, host: "Host") -> None:
        self.host = host
        self.stopping = threading.Event()
        self.compared = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)
        self._relayed: dict[str, int] = {}
        self._next_offset: dict[str, int] = {}
        self._diverged: set[str] = set()
        self.failing: dict[str, str] = {}
        self._again: dict[str, float] = {}
        self._told: set[str] | None = None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        if self._thread.is_alive():
            with suppress(psycopg.Error), self.host.pool.connection(timeout=0.5) as connection:
                connection.execute("NOTIFY news")  # it waits for news
            self._thread.join(timeout=20)

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.session()
            except Exception as error:
                warn(logger, "relay starts again", because=type(error).__name__)
                logger.debug("relay", exc_info=True)
                self.stopping.wait(0.5)

    def session(self) -> None:
        """Work until stopped or until anything at all goes wrong."""
        settings = self.host.settings
        self._relayed.clear()
        self._next_offset.clear()
        self._diverged.clear()
        with ExitStack() as held:
            producer = make_producer(settings.kafka_bootstrap_servers)
            held.callback(producer.close, timeout=1)
            consumer = held.enter_context(closing(make_consumer(settings.kafka_bootstrap_servers)))
            connection = held.enter_context(psycopg.connect(settings.database_url, autocommit=True))
            connection.execute("LISTEN news")
            while not self.stopping.is_set():
                self._turn(connection, producer, consumer)

    def _turn(self, connection: Any, producer: KafkaProducer, consumer: KafkaConsumer) -> None:
        owned = self.host.owned()
        for slug in self._relayed.keys() - owned:
            del self._relayed[slug]
        for slug in owned:
            if slug not in self._relayed and time.monotonic() >= self._again.get(slug, 0):
                self._try(slug, self._compare, consumer)
        self.compared.set()
        rows = connection.execute("SELECT company, position FROM public.news").fetchall()
        for slug, position in rows:
            if slug not in self._diverged and self._relayed.get(slug, position) < position:
                self._try(slug, partial(self._send, position, producer), consumer)
        if self._told not in (None, told := {slug for slug, _ in rows}):  # one was provisioned
            self.host.tick_wanted.set()
        self._told = told
        if not [*connection.notifies(timeout=min(1.0, self.host.settings.sweep_s), stop_after=1)]:
            self._check_ends(consumer)

    def _try(self, slug: str, work: Callable[..., None], consumer: KafkaConsumer) -> None:
        """A company in trouble is compared again, one without its topic later; others go on."""
        try:
            work(self.host.service(slug), consumer)
            self.failing.pop(slug, None)
        except RelayBroken as broken:
            self._relayed.pop(slug, None)
            self.failing[slug] = str(broken)
            warn(logger, "log and topic are compared again", company=slug, because=str(broken))
            self._again[slug] = time.monotonic() + 0.5
        except KafkaError:
            topic = self.host.company(slug).topic(self.host.settings.service)
            if topic in consumer.topics():
                raise
            self._relayed.pop(slug, None)
            self.failing[slug] = "its topic is missing: « referent provision » makes it"
            warn(logger, "topic is missing", topic=topic)
            self._again[slug] = time.monotonic() + TRIED_AGAIN_S

    def _compare(self, service: "Service", consumer: KafkaConsumer) -> None:
        """Where to go on from, or that the log and the topic have parted."""
        slug = service.company.slug
        with service.datastore.reading() as rows:
            row = rows.execute("SELECT * FROM relay_position").fetchone()
        assert row is not None
        on_topic = self._follow(service, consumer, row)
        parted = _parted(service, on_topic)
        self._save_divergence(service, parted)
        self._diverged.discard(slug)
        if parted:
            self._diverged.add(slug)
            warn(logger, "log and topic have parted", company=slug, because=parted)
        start = min(row["position"], on_topic.last.position)
        end = end_offset(consumer, service.company.topic(service.name))
        if start < row["position"]:
            say(logger, "topic is behind, sending again", company=slug, after=start)
            self._move(service, row["position"], start, end)
        self._relayed[slug] = start
        self._next_offset[slug] = end

    def _follow(self, service: "Service", consumer: KafkaConsumer, row: dict[str, Any]) -> Follower:
        """What the topic holds: from where we left it if that is still there, else all of it."""
        topic, log = service.company.topic(service.name), log_of(service.company.slug, service.name)
        if 0 < row["next_offset"] <= end_offset(consumer, topic):
            left = _bytes_at(service, row["position"])
            records = read_topic(consumer, topic, row["next_offset"] - 1)
            if left is not None and next(records, (0, b""))[1] == left:
                follower = Follower(log, LastTaken.after(row["position"], left))
                deque(follower.follow(content for _, content in records), maxlen=0)
                return follower
        follower = Follower(log, LastTaken())
        everything = read_topic(consumer, topic)
        deque(follower.follow(content for _, content in everything), maxlen=0)
        return follower

    def send_all(
        self, producer: KafkaProducer, topic: str, page: list[dict[str, Any]]
    ) -> list[int]:
        """Send a page in order and wait until the broker has every record; their offsets."""
        futures = []
        for row in page:
            futures.append(send(producer, topic, str(row["subject"]), bytes(row["content"])))
            failpoint("relay.mid-page")
        producer.flush(timeout=30)
        failpoint("relay.after-flush")
        return [future.get(timeout=1).offset for future in futures]

    def _save_divergence(self, service: "Service", parted: str | None) -> None:
        with service.datastore.act() as connection:
            connection.execute(
                "UPDATE relay_position SET diverged = %s WHERE diverged IS DISTINCT FROM %s",
                (parted, parted),
            )

    def _send(self, position: int, producer: KafkaProducer, service: "Service", *_: object) -> None:
        while self._relayed[service.company.slug] < position and not self.stopping.is_set():
            self._send_page(service, producer)

    def _send_page(self, service: "Service", producer: KafkaProducer) -> None:
        slug, topic = service.company.slug, service.company.topic(service.name)
        after = self._relayed[slug]
        page = select_facts(service.datastore, after, PAGE)
        if not page:
            raise RelayBroken(f"{slug}: facts after {after} were announced and are not there")
        failpoint("relay.before-send")
        offsets = self.send_all(producer, topic, page)
        failpoint("relay.after-ack")
        expected = list(range(self._next_offset[slug], self._next_offset[slug] + len(page)))
        if offsets != expected:
            # Someone else wrote, or the broker lost its tail: only the topic can say what is on it.
            raise RelayBroken(f"{slug}: offsets {offsets[0]}.. instead of {expected[0]}..")
        self._move(service, after, page[-1]["position"], offsets[-1] + 1)
        self._next_offset[slug] = offsets[-1] + 1
        self._relayed[slug] = page[-1]["position"]
        failpoint("relay.after-position")
        self.host.made_progress()

    def _move(self, service: "Service", seen: int, position: int, next_offset: int) -> None:
        """Save how far the topic is ours: compare-and-set, the fence against another relay."""
        with service.datastore.act() as connection:
            moved = connection.execute(
                "UPDATE relay_position SET position = %s, next_offset = %s"
                " WHERE position = %s RETURNING 1",
                (position, next_offset, seen),
            ).fetchall()
        if not moved:
            raise RelayBroken(f"{service.company.slug}: another relay moved on from {seen}")

    def _check_ends(self, consumer: KafkaConsumer) -> None:
        for slug in list(self._relayed):
            self._try(slug, self._check_end, consumer)

    def _check_end(self, service: "Service", consumer: KafkaConsumer) -> None:
        slug = service.company.slug
        found = end_offset(consumer, service.company.topic(service.name))
        expected = self._next_offset[slug]
        if found != expected:
            raise RelayBroken(f"{slug}: topic ends at {found}, left at {expected}")


def _parted(service: "Service", on_topic: Follower) -> str | None:
    """Why the topic cannot be our log's past; a hole is no reason: sending again fills it."""
    with service.datastore.reading() as rows:
        head = rows.execute("SELECT position FROM head").fetchone()
    assert head is not None
    if on_topic.highest > head["position"]:
        return f"the topic is at {on_topic.highest}, the log at {head['position']}"
    last = on_topic.last
    ours = _bytes_at(service, last.position)
    if last.position and (ours is None or hash_of(ours) != last.hash):
        return f"position {last.position} has other bytes on the topic"
    for position, (_, content) in on_topic.pending.items():
        if _bytes_at(service, position) != content:
            return f"position {position} has other bytes on the topic"
    return None


def _bytes_at(service: "Service", position: int) -> bytes | None:
    with service.datastore.reading() as rows:
        row = rows.execute(
            "SELECT content FROM facts WHERE position = %s", (position,), prepare=True
        ).fetchone()
    return bytes(row["content"]) if row else None
