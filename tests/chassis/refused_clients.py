"""Makes clients of a Kafka that does not answer, in a process of its own: hosts of other tests make
theirs whenever they begin again. Prints how many threads and wakening sockets are kept.
"""

import gc
import socket
import sys
import threading
import warnings
from contextlib import suppress

from kafka.errors import KafkaError

from services.chassis.topics import make_consumer, make_producer, make_topics

NOBODY = "127.0.0.1:1"
MAKE = {
    "consumer": lambda: make_consumer(NOBODY, bootstrap_timeout_ms=200),
    "producer": lambda: make_producer(NOBODY, bootstrap_timeout_ms=200),
    "admin": lambda: make_topics(NOBODY, ["nothing"], 1, bootstrap_timeout_ms=200),
}


def woken_by() -> int:
    """How many sockets there are between threads of this process: two a client."""
    kept = [each for each in gc.get_objects() if isinstance(each, socket.socket)]
    return sum(each.family == socket.AF_UNIX and each.fileno() != -1 for each in kept)


if __name__ == "__main__":
    # What the library leaves of each refused connection, the collector takes.
    warnings.simplefilter("ignore", ResourceWarning)
    refused = 0
    for _ in range(3):
        with suppress(KafkaError):
            MAKE[sys.argv[1]]()
            continue
        refused += 1
    print(refused, threading.active_count() - 1, woken_by())
