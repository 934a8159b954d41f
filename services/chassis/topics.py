"""Kafka as this suite uses it: one topic a company and service, one partition, kept for ever."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import NoError, TopicAlreadyExistsError, for_code
from kafka.net.compat import KafkaNetClient

from contracts.envelope import CONTENT_TYPE, UnreadableFact, read_envelope
from services.chassis.position_rule import LastTaken, Verdict

TOPIC_CONFIGS = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
END_MS = 3_000
"""How long a topic may take to say where it ends: one that is missing never does."""
TRIED_AGAIN_S = 15.0
"""When a missing topic is looked for again, so that the others hardly notice."""
HEADERS = [("content-type", CONTENT_TYPE.encode())]


def _made(kind: Callable[..., Any], **options: Any) -> Any:
    """One of the library's three. Where Kafka does not answer, the library raises and keeps its
    sockets and its thread: they are closed here, else an outage of a night would use them up.
    """
    clients: list[KafkaNetClient] = []

    def client(**given: Any) -> KafkaNetClient:
        clients.append(KafkaNetClient(**given))
        return clients[-1]

    try:
        return kind(kafka_client=client, **options)
    except BaseException:
        for each in clients:
            each.close()
        raise


def make_producer(bootstrap_servers: str, **options: Any) -> KafkaProducer:
    return _made(
        KafkaProducer,
        bootstrap_servers=bootstrap_servers,
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        batch_size=262_144,
        compression_type="lz4",
        max_request_size=4 * 1024 * 1024,
        request_timeout_ms=10_000,
        delivery_timeout_ms=30_000,
        allow_auto_create_topics=False,
        **options,
    )


def make_consumer(bootstrap_servers: str, **options: Any) -> KafkaConsumer:
    """A consumer without a group: what it has read is known from positions, not from offsets."""
    defaults = {
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "group_id": None,
        "allow_auto_create_topics": False,
        "max_poll_records": 2000,
        "fetch_max_wait_ms": 500,
        "max_partition_fetch_bytes": 8 * 1024 * 1024,
        "fetch_max_bytes": 64 * 1024 * 1024,
    }
    return _made(KafkaConsumer, bootstrap_servers=bootstrap_servers, **(defaults | options))


def make_topics(
    bootstrap_servers: str, topics: list[str], replication: int, **options: Any
) -> list[str]:
    """Create the topics that do not exist; the names of those created now."""
    admin = _made(KafkaAdminClient, bootstrap_servers=bootstrap_servers, **options)
    try:
        missing = sorted(set(topics) - set(admin.list_topics()))
        wanted = {"num_partitions": 1, "replication_factor": replication, "configs": TOPIC_CONFIGS}
        if missing:
            # All in one request: each for itself takes as long as all of them.
            answer = admin.create_topics(dict.fromkeys(missing, wanted), raise_errors=False)
            for topic in answer["topics"]:
                if (error := for_code(topic["error_code"])) not in (
                    NoError,
                    TopicAlreadyExistsError,
                ):
                    raise error(f"{topic['name']}: {topic['error_message']}")
        return missing
    finally:
        admin.close()


def send(producer: KafkaProducer, topic: str, subject: str, content: bytes) -> Any:
    """Queue one fact; the future ends when the broker has it."""
    return producer.send(topic, key=subject.encode(), value=content, headers=HEADERS, partition=0)


def end_offset(consumer: KafkaConsumer, topic: str) -> int:
    """Errors: KafkaError, after three seconds, when there is no such topic."""
    partition = TopicPartition(topic, 0)
    return int(consumer.end_offsets([partition], timeout_ms=END_MS)[partition])


def read_topic(consumer: KafkaConsumer, topic: str, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes) of every record from `start` to the topic's end as it is now.

    Errors: TimeoutError when the broker stops answering for 30 s.
    """
    partition = TopicPartition(topic, 0)
    end = end_offset(consumer, topic)
    consumer.assign([partition])
    consumer.seek(partition, start)
    silent = 0
    while consumer.position(partition) < end:
        fetched = consumer.poll(timeout_ms=1000)
        silent = 0 if fetched else silent + 1
        if silent >= 30:
            raise TimeoutError(f"{topic} could not be read to its end")
        for records in fetched.values():
            yield from ((r.offset, r.value or b"") for r in records if r.offset < end)


class Follower:
    """Follows a topic by the position rule through repeats and holes.

    `log`: whose facts (`contracts.envelope.log_of`); others on the topic are passed over.
    `last`: how far it goes without a gap. `pending`: what lies beyond, by position.
    """

    def __init__(self, log: str, last: LastTaken) -> None:
        self.log = log
        self.last = last
        self.pending: dict[int, tuple[str, bytes]] = {}

    @property
    def highest(self) -> int:
        return max(self.pending, default=self.last.position)

    def follow(self, contents: Iterable[bytes]) -> Iterator[bytes]:
        """The facts that continue `last`, in order."""
        for content in contents:
            try:
                fact = read_envelope(content, self.log)
            except UnreadableFact:
                continue
            if fact.position > self.last.position:
                self.pending.setdefault(fact.position, (fact.previous, content))
            yield from self._continue()

    def _continue(self) -> Iterator[bytes]:
        while (position := self.last.position + 1) in self.pending:
            previous, content = self.pending[position]
            if self.last.judge(position, previous) is not Verdict.TAKE:
                return
            del self.pending[position]
            self.last = LastTaken.after(position, content)
            yield content
