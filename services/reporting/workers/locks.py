"""The companies of one worker, as PostgreSQL itself shows who lives and who owns what.

There is no coordinator, no table of owners and no heartbeat: a worker is alive while its session
is, whose name is its address; it owns a company while that session holds its advisory lock.
"""

import select
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import psycopg

from services.chassis.ownership import Ownership, number_of
from services.reporting.workers.shares import shares

MARK = "referent-reporting "
SEEN = """
SELECT a.application_name, array_remove(array_agg(l.objid::bigint), NULL)
FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid AND l.granted
  AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid::bigint = %s
WHERE a.datname = current_database() AND a.usename = current_user
  AND starts_with(a.application_name, %s)
GROUP BY a.pid, a.application_name
"""
"""Each worker's session with the companies that it holds, as unsigned numbers."""


class SharedOwnership(Ownership):
    """Locks of one worker's share of the companies; `address` (host:port) is where it listens.

    `session` counts connections: what was held by one before is not held any more. As last looked:
    `known` are all companies, `share` those that belong here, `too_many` those that are held and
    belong with another worker that lives.
    """

    def __init__(self, database_url: str, service: str, address: str) -> None:
        super().__init__(database_url, service, MARK + address)
        self.address = address
        self.session = 0
        self.known: frozenset[str] = frozenset()
        self.share: frozenset[str] = frozenset()
        self.too_many: frozenset[str] = frozenset()
        self._addresses: dict[int, str] = {}

    def _connected(self) -> "psycopg.Connection[Any]":
        before = self._connection
        connection = super()._connected()
        self.session += connection is not before
        return connection

    def _wanted(self, connection: Any, companies: frozenset[str]) -> frozenset[str]:
        """The share of this worker, of the companies that the database knows."""
        number = number_of(self.service) % 2**32
        sessions = connection.execute(SEEN, (number, MARK)).fetchall()
        self._addresses = {
            held: name.removeprefix(MARK) for name, locks in sessions for held in locks
        }
        workers = {name.removeprefix(MARK) for name, _ in sessions}
        rows = connection.execute("SELECT company FROM public.news").fetchall()
        self.known = frozenset(slug for (slug,) in rows)
        belongs = shares(self.known, workers | {self.address})
        self.share = companies & {
            slug for slug, worker in belongs.items() if worker == self.address
        }
        self.too_many = frozenset(self._owned) - self.share
        return self.share

    def owner_of(self, slug: str) -> str | None:
        """Where the owner of a company listened when it was last looked; None when nobody did."""
        return self._addresses.get(number_of(slug) % 2**32)

    def release(self, slugs: Iterable[str]) -> None:
        """Let others take these, once nothing of them is open here any more."""
        with self._lock:
            for slug in self._owned.intersection(slugs):
                if self._connection is not None and not self._is_cut():
                    self._connection.execute(
                        "SELECT pg_advisory_unlock(%s, %s)",
                        (number_of(self.service), number_of(slug)),
                    )
                self._owned.discard(slug)

    def holds(self, slug: str) -> bool:
        """Whether the lock is held at this moment, as far as the server has told."""
        with self._lock:
            return slug in self._owned and not self._is_cut()

    def watch(self, seconds: float) -> bool:
        """Wait, less long where the session ends meanwhile; False when there is none to watch."""
        connection = self._connection
        if connection is None or connection.closed:
            return False
        with suppress(psycopg.OperationalError):
            _says_something(connection, seconds)
        return True

    def _is_cut(self) -> bool:
        """A session that has ended says so on its socket, unasked: looking there costs nothing."""
        assert self._connection is not None
        try:
            if _says_something(self._connection, 0):
                self._connection.execute("SELECT 1")
        except psycopg.OperationalError:
            self.close()
            return True
        return False


def _says_something(connection: Any, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
