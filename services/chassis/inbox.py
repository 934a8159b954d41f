"""From Kafka to the service's reactions: one consumer a process, all companies it owns."""

import logging
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from kafka import KafkaConsumer, TopicPartition

from services.chassis.log import warn
from services.chassis.position_rule import Delivery
from services.chassis.receiving import LostRace
from services.chassis.topics import TRIED_AGAIN_S, make_consumer

if TYPE_CHECKING:
    from services.chassis.host import Host

logger = logging.getLogger("referent.inbox")
READ_AGAIN_S = 2.0
REST_S, RESTS = 0.05, 4


class Inbox:
    """Hands records to a receiver; at a gap it keeps reading, and reads again from the start."""

    def __init__(self, host: "Host") -> None:
        self.host = host
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._read_again: dict[TopicPartition, tuple[float, int]] = {}
        self._ends: dict[tuple[str, str], int] = {}
        self._away: dict[TopicPartition, float] = {}
        self._decided: set[str] = set()
        self.failing: dict[str, str] = {}

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=20)

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                self.session()
            except Exception as error:
                # Nothing was saved for the batch: start again from the saved positions.
                warn(logger, "inbox starts again", because=type(error).__name__)
                logger.warning("inbox", exc_info=True)
                self.stopping.wait(0.5)

    def session(self) -> None:
        """Work until stopped or until anything at all goes wrong."""
        consumer = make_consumer(self.host.settings.kafka_bootstrap_servers)
        assigned: dict[TopicPartition, tuple[str, str]] = {}
        try:
            while not self.stopping.is_set():
                wanted = self._wanted()
                if wanted != assigned:
                    assigned = self._assign(consumer, wanted)
                if not assigned:
                    self.stopping.wait(0.2)
                    continue
                self._go_back(consumer, assigned)
                came = consumer.poll(timeout_ms=250)
                started = time.monotonic()
                with ExitStack() as each:  # where one cannot be taken, the others are
                    for partition, records in came.items():
                        of = assigned[partition]
                        each.callback(self._hand_over, consumer, partition, of, records)
                # A batch costs the same whatever its size: the next may grow, unless it is awaited.
                self.host.awaited.wait(min(RESTS * (time.monotonic() - started), REST_S))
                self.host.awaited.clear()
        finally:
            consumer.close()

    def highest(self, slug: str, publisher: str) -> int:
        """The highest position seen on a topic, taken or not."""
        return self._ends.get((slug, publisher), 0)

    def decided(self, slug: str) -> None:
        """A person decided of a fact that held everything up: what came since is read again."""
        self._decided.add(slug)

    def _go_back(self, consumer: KafkaConsumer, assigned: dict[TopicPartition, Any]) -> None:
        while self._decided:
            of = self._decided.pop()
            for partition, (slug, _) in assigned.items():
                if slug == of:
                    consumer.seek(partition, 0)

    def _wanted(self) -> dict[TopicPartition, tuple[str, str]]:
        wanted = {
            TopicPartition(self.host.register[slug].topic(publisher), 0): (slug, publisher)
            for slug in self.host.owned()
            for publisher in self.host.consumes
        }
        now = time.monotonic()
        return {p: owner for p, owner in wanted.items() if self._away.get(p, now) <= now}

    def _assign(
        self, consumer: KafkaConsumer, wanted: dict[TopicPartition, tuple[str, str]]
    ) -> dict[TopicPartition, tuple[str, str]]:
        """Read those of the wanted topics that there are; the others are left out for a while."""
        existing = consumer.topics()
        assigned = {p: owner for p, owner in wanted.items() if p.topic in existing}
        for partition in wanted.keys() - assigned.keys():
            warn(logger, "topic is missing", topic=partition.topic)
            self._away[partition] = time.monotonic() + TRIED_AGAIN_S
        consumer.assign(list(assigned))
        ends = consumer.end_offsets(list(assigned))
        for partition, (slug, publisher) in assigned.items():
            # The offset is a hint: past the end it is from a tail that the broker has lost.
            hint = self.host.receiver(self.host.service(slug)).standing(publisher).next_offset
            consumer.seek(partition, hint if hint <= ends[partition] else 0)
        return assigned

    def _hand_over(
        self,
        consumer: KafkaConsumer,
        partition: TopicPartition,
        owner: tuple[str, str],
        records: Any,
    ) -> None:
        slug, publisher = owner
        receiver = self.host.receiver(self.host.service(slug))
        deliveries = [Delivery(r.offset, r.value or b"") for r in records]
        try:
            progress = receiver.receive(publisher, deliveries)
        except Exception as error:
            if not isinstance(error, LostRace):
                self.failing[slug] = f"what it hears cannot be taken ({type(error).__name__})"
            raise
        self.failing.pop(slug, None)
        self._ends[owner] = max(progress.highest, self._ends.get(owner, 0))
        self.host.made_progress()
        if progress.held or progress.last < self._ends[owner]:
            self._maybe_read_again(consumer, partition, progress.last, progress.held)

    def _maybe_read_again(
        self, consumer: KafkaConsumer, partition: TopicPartition, last: int, held: str | None
    ) -> None:
        """What is missing, or was met too early, may lie before our hint: read again, not at once.

        The same place is read again every two seconds at most.
        """
        before, at_position = self._read_again.get(partition, (0.0, -1))
        if at_position == last and time.monotonic() - before < READ_AGAIN_S:
            return
        self._read_again[partition] = (time.monotonic(), last)
        warn(logger, "held", topic=partition.topic, because=held)
        consumer.seek(partition, 0)
