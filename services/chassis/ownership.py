"""Who works on a company: the process that holds its PostgreSQL advisory lock, as a whole.

The lock spares work; it is not what keeps the log exact. That is the compare-and-set on positions:
two owners by mistake do the same things twice and one of them finds its position moved.
"""

import threading
import zlib
from collections.abc import Iterable
from typing import Any

import psycopg


class Ownership:
    """Advisory locks of one process on one connection, and lost with it; `name` is seen there."""

    def __init__(self, database_url: str, service: str, name: str = "") -> None:
        self.database_url = database_url
        self.service = service
        self.name = name or service
        self._connection: psycopg.Connection[Any] | None = None
        self._owned: set[str] = set()
        self._lock = threading.RLock()

    def claim(self, companies: Iterable[str]) -> frozenset[str]:
        """Try for the companies not owned yet; what is owned now."""
        with self._lock:
            try:
                connection = self._connected()
                for slug in self._wanted(connection, frozenset(companies)) - self._owned:
                    row = connection.execute(
                        "SELECT pg_try_advisory_lock(%s, %s)",
                        (number_of(self.service), number_of(slug)),
                    ).fetchone()
                    if row and row[0]:
                        self._owned.add(slug)
            except psycopg.OperationalError:
                self.close()
            return frozenset(self._owned)

    def _wanted(self, connection: Any, companies: frozenset[str]) -> frozenset[str]:
        """Which of the companies to try for; asks the server, to know that it is still there."""
        connection.execute("SELECT 1")
        return companies

    def _connected(self) -> "psycopg.Connection[Any]":
        if self._connection is None or self._connection.closed:
            self.close()
            self._connection = psycopg.connect(
                self.database_url, autocommit=True, application_name=self.name, connect_timeout=5
            )
        return self._connection

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._owned.clear()


def number_of(text: str) -> int:
    """How a service or company is told to the server's locks: 32 bits, signed."""
    return zlib.crc32(text.encode()) - 2**31
