"""From a command to the figure that counts it: real processes, HTTP, PostgreSQL and Kafka."""

import os
import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from measuring import show_seconds

from services.embedded.client import Client
from services.embedded.suite import Suite

SLUG = "bench"
A_SECOND, SECONDS = 50, 60
EVERY = 50
"""Of so many commands one is followed to its figure: who asks more often measures the asking."""


def command_to_figure() -> None:
    """Sign leases at a steady rate; some are followed until the figure counts them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "companies.toml").write_text(f'[companies.{SLUG}]\nnames = {{ fr = "Bench" }}\n')
        os.environ.setdefault("REFERENT_PORT", "8790")
        suite = Suite(folder)
        suite.start()
        client = Client(folder, suite.port)
        try:
            took = follow(client)
        finally:
            client.close()
            suite.stop()
    took.sort()
    p99 = took[int(len(took) * 0.99)]
    note = f"p50 {statistics.median(took):.3f} s, {len(took)} followed at {A_SECOND} commands/s"
    show_seconds("command to figure, p99", p99, 0.5, note)


def follow(client: Client) -> list[float]:
    took: list[float] = []
    lock = threading.Lock()
    year = time.localtime().tm_year
    count = A_SECOND * SECONDS
    for number in range(count):
        act(client, "dwellings", {"reference": f"D{number}", "registered_on": "2020-01-01"})

    def one(number: int) -> None:
        started = time.perf_counter()
        body = {
            "reference": f"L{number}",
            "dwelling_reference": f"D{number}",
            "start_on": f"{year}-01-01",
            "rent_cents": 30_000,
            "charges_cents": 5_000,
            "leaseholders": [{"name": "A"}],
        }
        identity = act(client, "leases", body)["id"]
        if number % EVERY == 0:
            while not counted(client, year, identity):
                pass
            with lock:
                took.append(time.perf_counter() - started)

    with ThreadPoolExecutor(16) as pool:
        begin = time.perf_counter()
        waiting = []
        for number in range(count):
            wait = threading.Event()
            wait.wait(max(0.0, begin + number / A_SECOND - time.perf_counter()))
            waiting.append(pool.submit(one, number))
        for done in waiting:
            done.result()
    return took


def act(client: Client, path: str, body: dict[str, Any]) -> Any:
    account = f"intake-officer.{SLUG}"
    return client.call("POST", "intake", f"/api/{SLUG}/{path}", account, json=body)


def counted(client: Client, year: int, lease_id: str) -> bool:
    """Whether reporting has the lease, and its figure names it."""
    head = client.call("GET", "intake", f"/api/{SLUG}/settled")["position"]
    asked = {"intake": head, "timeout_s": 5}
    client.call("GET", "reporting", f"/api/{SLUG}/settled", params=asked)
    path = f"/api/{SLUG}/figures/{year}/I03"
    explained = client.call("GET", "reporting", path, f"auditor.{SLUG}")
    return any(part["subject"] == lease_id for part in explained["denominator_parts"])
