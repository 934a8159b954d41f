"""A whole topic read fast: what a rebuild asks, and nothing else does.

kafka-python, the suite's client, decodes records in Python, slower than DuckDB takes them in;
librdkafka does it in C. Decision 12 says what was measured.
"""

import time
from collections.abc import Iterator
from contextlib import closing

from confluent_kafka import Consumer, KafkaException, Message, TopicPartition
from kafka.errors import KafkaError

from services.chassis.position_rule import Delivery

AT_ONCE = 10_000
ANSWER_S, SILENT_S = 3.0, 30.0
OPTIONS = {
    "group.id": "rebuild",  # the library wants one; nothing is committed under it
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "allow.auto.create.topics": False,
    "auto.offset.reset": "error",
    "check.crcs": True,
    "fetch.queue.backoff.ms": 5,  # of a queue that is full: a second unless told
    "queued.max.messages.kbytes": 65_536,
    "log_level": 0,  # who asks is told by the error
}


def read_in_bulk(bootstrap_servers: str, topic: str, start: int) -> Iterator[list[Delivery]]:
    """Every record from `start` to the topic's end as it is now, in batches.

    Errors: KafkaError when Kafka does not answer or has no such topic; TimeoutError when it is
    silent for 30 s half way.
    """
    partition = TopicPartition(topic, 0, start)
    try:
        with closing(Consumer(OPTIONS | {"bootstrap.servers": bootstrap_servers})) as consumer:
            _, end = consumer.get_watermark_offsets(partition, timeout=ANSWER_S)
            consumer.assign([partition])
            following, heard = start, time.monotonic()
            while following < end:
                # No more than there are: it would wait for the rest.
                wanted = min(AT_ONCE, end - following)
                found = _deliveries(consumer.consume(wanted, timeout=0.2), end)
                if found:
                    following, heard = found[-1].offset + 1, time.monotonic()
                    yield found
                elif time.monotonic() - heard > SILENT_S:
                    raise TimeoutError(f"{topic} could not be read to its end")
    except KafkaException as error:
        raise KafkaError(str(error)) from None


def _deliveries(messages: list[Message], end: int) -> list[Delivery]:
    """Errors: KafkaException."""
    found = []
    for message in messages:
        if (error := message.error()) is not None:
            raise KafkaException(error)
        offset = message.offset()
        if offset is not None and offset < end:
            found.append(Delivery(offset, message.value() or b""))
    return found
