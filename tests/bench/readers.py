"""Two workers of reporting: what a reader feels while facts come in without pause, and how long a
company is served by nobody once its owner is killed. With real processes; also to be run by path.
"""

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "workers")]
from crew import Crew, WorkerProcess, at_work
from measuring import show_seconds

from services.chassis.identity import mint_token
from services.embedded.kafka import EmbeddedKafka

SLUG = "amay"
PAGE = f"/{SLUG}/years/2025"
READS, KILLS, ACT = 100, 3, 200
READ_S, UNSERVED_S = 1.0, 5.0


def two_workers() -> None:
    """On servers of their own."""
    with (
        tempfile.TemporaryDirectory() as name,
        EmbeddedKafka(Path(name)) as kafka,
        at_work(Path(name), kafka) as crew,
    ):
        reader_latency(crew)


def reader_latency(crew: Crew) -> None:
    owner = crew.owner(SLUG)
    other = crew.other(owner)
    reads(crew, owner, "page of a year, nothing comes in")
    reads(crew, other, "  asked of the other worker")
    with facts_without_pause(crew) as published:
        began, at_first = time.monotonic(), len(published)
        reads(crew, owner, "  while facts come in")
        reads(crew, other, "  the same, of the other worker")
        rate = (len(published) - at_first) * ACT / (time.monotonic() - began)
    gone = [unserved(crew) for _ in range(KILLS)]
    note = f"median {statistics.median(gone):.2f} s; {rate:.0f} facts/s came in before"
    show_seconds("  its owner killed: unserved", max(gone), UNSERVED_S, note)


def reads(crew: Crew, worker: WorkerProcess, what: str) -> None:
    token = mint_token(crew.home.folder, f"auditor.{SLUG}")
    headers = {"authorization": f"Bearer {token}", "accept": "text/html"}
    with httpx.Client(base_url=f"http://{worker.address}", headers=headers) as client:
        took = sorted(one_read(client) for _ in range(READS))
    note = f"p99 of {READS}, p50 {took[len(took) // 2]:.3f} s"
    show_seconds(what, took[int(len(took) * 0.99)], READ_S, note)


def one_read(client: httpx.Client) -> float:
    began = time.perf_counter()
    answer = client.get(PAGE, timeout=60)
    assert answer.status_code == 200
    return time.perf_counter() - began


@contextmanager
def facts_without_pause(crew: Crew) -> Iterator[list[int]]:
    over = threading.Event()
    published: list[int] = []

    def publish() -> None:
        while not over.is_set():
            published.append(crew.publish(SLUG, ACT))

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield published
    finally:
        over.set()
        thread.join()


def unserved(crew: Crew) -> float:
    """Kill the owner; seconds until the other worker tells the company's figures."""
    killed = crew.owner(SLUG)
    heir = crew.other(killed)
    killed.kill()
    began = time.monotonic()
    while True:
        try:
            answer = heir.ask("GET", f"/api/{SLUG}/figures/2025", f"auditor.{SLUG}")
        except httpx.TransportError:
            continue
        if answer.status_code == 200:
            break
    took = time.monotonic() - began
    killed.begin()
    crew.settled()
    return took


if __name__ == "__main__":
    two_workers()
