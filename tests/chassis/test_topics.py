"""A client of Kafka that could not be made leaves nothing behind."""

import gc
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from kafka.errors import KafkaError

from services.chassis.topics import make_consumer, make_producer, make_topics

NOBODY = "127.0.0.1:1"


@pytest.mark.parametrize(
    "make",
    [
        lambda: make_consumer(NOBODY, bootstrap_timeout_ms=200),
        lambda: make_producer(NOBODY, bootstrap_timeout_ms=200),
        lambda: make_topics(NOBODY, ["nothing"], 1, bootstrap_timeout_ms=200),
    ],
    ids=["consumer", "producer", "admin"],
)
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_where_kafka_does_not_answer_no_thread_and_no_wakening_socket_is_kept(
    make: Callable[[], Any],
) -> None:
    """What the library leaves of each refused connection, the collector takes: not so these."""
    threads, sockets = set(threading.enumerate()), woken_by()
    for _ in range(3):
        with pytest.raises(KafkaError):
            make()
    assert set(threading.enumerate()) <= threads
    assert woken_by() <= sockets
    gc.collect()


def woken_by() -> set[socket.socket]:
    """The sockets between threads of this process, two a client: those that were here may go."""
    kept = [each for each in gc.get_objects() if isinstance(each, socket.socket)]
    return {each for each in kept if each.family == socket.AF_UNIX and each.fileno() != -1}
