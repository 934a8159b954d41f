"""Who works on a company: the process that holds its PostgreSQL advisory lock, as a whole.

The lock spares work; it is not what keeps the log exact. That is the compare-and-set on positions:
two owners by mistake do the same things twice and one of them finds its position moved.
"""

import threading
import zlib
from collections.abc import Iterable

import psycopg


class Ownership:
    """Advisory locks of one process on one connection; lost with it."""

    def __init__(self, database_url: str, service: str) -> None:
        self.database_url = database_url
        self.service = service
        self._connection: psycopg.Connection[tuple[bool]] | None = None
        self._owned: set[str] = set()
        self._lock = threading.Lock()

    def claim(self, companies: Iterable[str]) -> frozenset[str]:
        """Try for the companies not owned yet; what is owned now."""
        with self._lock:
            try:
                connection = self._connected()
                connection.execute("SELECT 1")
                for slug in set(companies) - self._owned:
                    row = connection.execute(
                        "SELECT pg_try_advisory_lock(%s, %s)",
                        (_number(self.service), _number(slug)),
                    ).fetchone()
                    if row and row[0]:
                        self._owned.add(slug)
            except psycopg.OperationalError:
                self._connection = None
                self._owned.clear()
            return frozenset(self._owned)

    def _connected(self) -> "psycopg.Connection[tuple[bool]]":
        if self._connection is None or self._connection.closed:
            self._owned.clear()
            self._connection = psycopg.connect(self.database_url, autocommit=True)
        return self._connection

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._owned.clear()


def _number(text: str) -> int:
    return zlib.crc32(text.encode()) - 2**31
