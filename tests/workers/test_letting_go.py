"""A company that belongs elsewhere is let go of: its file first, then its lock."""

import subprocess
import sys
import threading
from itertools import count

import psycopg
import pytest

from services.chassis.ownership import number_of
from services.embedded.composition import Home
from services.embedded.postgres import EmbeddedPostgres
from services.embedded.waiting import wait_until
from services.reporting.workers.locks import MARK
from services.reporting.workers.shares import shares
from services.reporting.workers.worker import Worker

HELD = """
SELECT count(*) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND objid::bigint = %s
"""


SLUGS = ("dour", "ecaussinnes", "fleurus")


@pytest.fixture
def home(tmp_path, kafka):
    """On a PostgreSQL of its own: on another's, hosts of other tests claim companies too."""
    with EmbeddedPostgres(tmp_path / "postgres", {"fsync": "off"}) as postgres:
        home = Home(tmp_path, postgres.superuser_url, kafka.bootstrap_servers)
        home.companies_file.write_text(
            "".join(f'[companies.{slug}]\nnames = {{ fr = "{slug}" }}\n' for slug in SLUGS),
            encoding="utf-8",
        )
        home.provision()
        yield home


@pytest.fixture
def worker(home):
    """One that does nothing by itself: it claims when it is told to."""
    worker = Worker(home.settings("reporting", port=9, sweep_s=60))
    worker._claim()
    try:
        assert wait_until(lambda: worker.owned() == set(SLUGS), 90)
        yield worker
    finally:
        worker.stop()


@pytest.fixture
def newcomer(home, worker):
    """The address of a worker to come, and a company that will belong with it."""
    known, here = worker.ownership.known, worker.ownership.address
    addresses = (f"127.0.0.1:{port}" for port in count(10))
    return next(
        (address, slug)
        for address in addresses
        for slug in sorted(worker.owned())
        if shares(known, [here, address])[slug] == address
    )


def test_nobody_may_take_a_company_while_somebody_still_reads_its_file(home, worker, newcomer):
    address, moving = newcomer
    admin = psycopg.connect(home.admin_url, dbname="reporting", autocommit=True)
    lives = psycopg.connect(
        home.url("reporting", "reporting"), autocommit=True, application_name=MARK + address
    )

    def held():
        (count,) = admin.execute(HELD, (number_of(moving) % 2**32,)).fetchone()
        return count

    with admin, lives:
        with worker.service(moving).store.read():
            leaving = threading.Thread(target=worker._claim)
            leaving.start()
            assert wait_until(lambda: not worker.serves(moving), 10)
            leaving.join(0.3)
            assert (leaving.is_alive(), held()) == (True, 1)
        leaving.join(10)
        assert (leaving.is_alive(), held()) == (False, 0)


def test_a_worker_that_ends_lets_go_of_its_files_before_it_waits_for_anything(worker):
    """A thread of it may wait ten seconds for a database that is away: its follower does not."""
    path, waits = worker.service("dour").store.path, threading.Event()
    worker.inbox.stop = waits.wait
    opened = [sys.executable, "-c", f"import duckdb; duckdb.connect({str(path)!r})"]
    ending = threading.Thread(target=worker.stop)

    def may_be_opened():
        return subprocess.call(opened, stderr=subprocess.DEVNULL) == 0

    held = not may_be_opened()
    ending.start()

    try:
        assert held
        assert wait_until(may_be_opened, 8)
        assert ending.is_alive()
    finally:
        waits.set()
        ending.join(20)
