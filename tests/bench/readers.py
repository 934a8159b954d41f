"""Two workers of reporting: what a reader feels while facts come in without pause, and how long a
company is served by nobody once its owner is killed. Run by path, with real processes.
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

from services.chassis.identity import mint_token

SLUG = "amay"
PAGE = f"/{SLUG}/years/2025"
READS, KILLS, ACT = 100, 3, 200


def main() -> None:
    with tempfile.TemporaryDirectory() as name, at_work(Path(name)) as crew:
        owner = crew.owner(SLUG)
        other = crew.other(owner)
        reads(crew, owner, other, "no facts come in")
        with facts_without_pause(crew) as published:
            began, at_first = time.monotonic(), len(published)
            reads(crew, owner, other, "facts come in")
            rate = (len(published) - at_first) * ACT / (time.monotonic() - began)
        print(f"{rate:.0f} facts/s came in meanwhile")
        gone = [unserved(crew) for _ in range(KILLS)]
        print(f"owner killed: unserved {statistics.median(gone):.2f} s, at most {max(gone):.2f} s")


def reads(crew: Crew, owner: WorkerProcess, other: WorkerProcess, when: str) -> None:
    for whose, worker in (("the owner", owner), ("the other worker", other)):
        token = mint_token(crew.home.folder, f"auditor.{SLUG}")
        headers = {"authorization": f"Bearer {token}", "accept": "text/html"}
        with httpx.Client(base_url=f"http://{worker.address}", headers=headers) as client:
            took = sorted(one_read(client) for _ in range(READS))
        p50, p99 = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
        print(f"{when}, asked {whose}: p50 {p50:.0f} ms, p99 {p99:.0f} ms")


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
    main()
