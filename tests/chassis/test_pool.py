"""After a database was away, however long, whoever asks is served again within seconds."""

from contextlib import suppress

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg_pool import PoolTimeout

from services.chassis.datastore import open_pool

NAME = "comes_and_goes"
FAILURES, SOON_S = 4, 3.0
"""Left to itself the library is then seven seconds into its waiting, and would wait eight more."""


@pytest.fixture
def admin(postgres):
    with psycopg.connect(postgres.superuser_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {NAME}")
        yield admin
        admin.execute(f"DROP DATABASE {NAME}")


def test_a_pool_serves_again_soon_after_its_database_came_back(postgres, admin):
    pool = open_pool(make_conninfo(postgres.superuser_url, dbname=NAME), connections_max=1)
    try:
        with pool.connection():
            pass
        admin.execute(f"ALTER DATABASE {NAME} WITH ALLOW_CONNECTIONS false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (NAME,)
        )
        while pool.get_stats().get("connections_errors", 0) < FAILURES:
            with suppress(PoolTimeout, psycopg.OperationalError), pool.connection(0.1) as one:
                one.execute("SELECT 1")
        admin.execute(f"ALTER DATABASE {NAME} WITH ALLOW_CONNECTIONS true")

        with pool.connection(SOON_S) as served:
            assert served.execute("SELECT 1").fetchone()
    finally:
        pool.close()
