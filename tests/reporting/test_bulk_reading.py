"""A topic read in bulk is what the suite's own client reads."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain

import pytest
from kafka.errors import KafkaError

from services.chassis.position_rule import Delivery
from services.chassis.topics import make_consumer, make_producer, make_topics, read_topic, send
from services.embedded.composition import Home
from services.reporting.bulk_reading import read_in_bulk

NOBODY = "127.0.0.1:1"
RECORDS = 12_345


@pytest.fixture(scope="module")
def servers(home: Home) -> str:
    return home.kafka_bootstrap_servers


@pytest.fixture(scope="module")
def write(servers: str) -> Iterator[Callable[[str, range], None]]:
    producer = make_producer(servers)

    def written(topic: str, numbers: range) -> None:
        for number in numbers:
            send(producer, topic, "k", b"" if number == 7 else b"fact %d" % number)
        producer.flush(timeout=60)

    yield written
    producer.close()


@pytest.fixture(scope="module")
def topic(servers: str, write: Callable[[str, range], None]) -> str:
    make_topics(servers, ["bulk"], 1)
    write("bulk", range(RECORDS))
    return "bulk"


@pytest.mark.parametrize("start", [0, 1, 6_000, RECORDS - 1, RECORDS, RECORDS + 9])
def test_every_record_from_an_offset_to_the_end_in_order(
    servers: str, topic: str, start: int
) -> None:
    found = list(chain.from_iterable(read_in_bulk(servers, topic, start)))

    with closing(make_consumer(servers)) as consumer:
        assert found == [Delivery(*each) for each in read_topic(consumer, topic, start)]
    assert len(found) == max(0, RECORDS - start)


def test_what_comes_while_it_is_read_is_left_for_the_next_time(
    servers: str, write: Callable[[str, range], None]
) -> None:
    make_topics(servers, ["growing"], 1)
    write("growing", range(20))
    batches = read_in_bulk(servers, "growing", 0)
    first = next(batches)

    write("growing", range(20, 30))

    assert [each.offset for each in chain(first, *batches)] == list(range(20))


def test_a_topic_that_is_not_there_is_told(servers: str) -> None:
    with pytest.raises(KafkaError):
        list(read_in_bulk(servers, "nowhere", 0))


def test_that_nobody_answers_is_told() -> None:
    with pytest.raises(KafkaError):
        list(read_in_bulk(NOBODY, "bulk", 0))
