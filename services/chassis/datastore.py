"""One pool of connections a process; a thin datastore a company.

The login role of a service may see nothing: a transaction takes its company's role and loses it
when it ends, so that a query that forgot its `WHERE` still meets one company.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from eventsourcing.persistence import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    PersistenceError,
)
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, Cursor
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from services.chassis.companies import Company
from services.chassis.refusal import Busy

TAKE_ROLE = "SELECT set_config('role', %s, true), set_config('search_path', %s, true)"
"""For the transaction alone: PostgreSQL itself takes the role back at its end."""

TAKE_ROLE_TO_ACT = f"{TAKE_ROLE}, set_config('transaction_timeout', %s, true)"
RECONNECT_S = 2.0
"""Then whoever asks next tries anew; the library would wait twice as long after each failure."""
ACT_MAX = "60s"
"""Then PostgreSQL ends the act of a process that was stopped while it held the company's lock."""


def open_pool(
    database_url: str, connections_max: int, connections_min: int = 1, timeout_s: float = 10.0
) -> ConnectionPool[Connection[DictRow]]:
    """The process's pool: at most `connections_max` connections, whatever the companies' number."""
    return ConnectionPool(
        database_url,
        connection_class=Connection[DictRow],
        kwargs={"autocommit": True, "row_factory": dict_row},
        min_size=connections_min,
        max_size=connections_max,
        timeout=timeout_s,
        reconnect_timeout=RECONNECT_S,
        open=True,
    )


class CompanyDatastore(PostgresDatastore):
    """The library's datastore for one company, over the shared pool."""

    def __init__(
        self, pool: ConnectionPool[Connection[DictRow]], company: Company, service: str
    ) -> None:
        # The library's constructor would open a pool of its own: set what it would have set.
        self.shared_pool = pool
        self.schema = company.schema_name
        self.role = company.role(service)
        self.lock_timeout = 10
        self.originator_id_type = "uuid"
        self.enable_db_functions = False
        self.single_row_tracking = True
        self.db_type_names: set[str] = set()
        self.psycopg_type_adapters = {}
        self.psycopg_python_types = {}

    def register_type_adapters(self) -> None:
        """We insert arrays of plain types: no composite type is needed, nor fetched per company."""

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """A transaction under the company's role (what the library itself reads and writes in)."""
        with (
            library_errors(),
            self.shared_pool.connection() as connection,
            connection.transaction(),
        ):
            connection.execute(TAKE_ROLE, (self.role, self.schema), prepare=True)
            yield connection

    @contextmanager
    def act(self) -> Iterator[Connection[DictRow]]:
        """One pipelined transaction under the company's role."""
        try:
            with (
                self.shared_pool.connection() as connection,
                connection.pipeline(),
                connection.transaction(),
            ):
                given = (self.role, self.schema, ACT_MAX)
                connection.execute(TAKE_ROLE_TO_ACT, given, prepare=True)
                yield connection
        except psycopg.errors.LockNotAvailable:
            raise Busy("Une autre opération est en cours. Réessayez dans un instant.") from None

    @contextmanager
    def reading(self) -> Iterator[Cursor[DictRow]]:
        """A consistent, read-only look at the company's rows."""
        # Leaving `shared_pool.connection()` ends the transaction, well or not.
        with self.shared_pool.connection() as connection:
            with connection.pipeline():
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", prepare=True)
                connection.execute(TAKE_ROLE, (self.role, self.schema), prepare=True)
            yield connection.cursor()

    def close(self) -> None:
        """The pool is the process's, not ours."""

    def __del__(self) -> None:
        """See `close`."""


@contextmanager
def library_errors() -> Iterator[None]:
    """Psycopg's errors under the names that the library's callers know."""
    try:
        yield
    except psycopg.InterfaceError as error:
        raise InterfaceError(str(error)) from error
    except psycopg.OperationalError as error:
        raise OperationalError(str(error)) from error
    except psycopg.IntegrityError as error:
        raise IntegrityError(str(error)) from error
    except psycopg.DatabaseError as error:
        raise DatabaseError(str(error)) from error
    except psycopg.Error as error:
        raise PersistenceError(str(error)) from error
