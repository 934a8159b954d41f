"""A server that does not start again is tried until it does, and the reason is said once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from disks import can_mount, mounted

from services.embedded.postgres import EmbeddedPostgres
from services.embedded.servers_down import tell_down, told_down
from services.embedded.suite import Suite
from services.embedded.waiting import wait_until

SMALL = {"shared_buffers": "16MB"}


@pytest.fixture
def supervising() -> Iterator[Callable[[Path], Suite]]:
    """A suite that has its PostgreSQL at work and no service; what it says is in `said`."""
    begun: list[Suite] = []

    def begin(folder: Path, said: list[str]) -> Suite:
        begun.append(Suite(folder, said.append))
        begun[0].postgres = EmbeddedPostgres(folder, SMALL)
        begun[0].postgres.start()
        tell_down(folder, {})
        return begun[0]

    yield begin
    begun[0].postgres.stop()


def test_a_server_that_could_not_be_started_again_is_once_it_can(tmp_path, supervising, killed):
    said: list[str] = []
    suite = supervising(tmp_path / "home", said)
    version = suite.postgres.data / "PG_VERSION"
    aside = version.rename(tmp_path / "aside")
    killed(suite.postgres.pid)

    suite._revive_servers()
    suite._revive_servers()
    assert len(said) == 2
    assert "cannot be read" in said[1]
    assert told_down(suite.folder) == {"PostgreSQL": said[1]}

    aside.rename(version)
    suite._revive_servers()
    assert said[2:] == ["PostgreSQL runs again"]
    assert told_down(suite.folder) == {}
    psycopg.connect(suite.postgres.superuser_url).close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "disk", "size=120m,mode=755") as found:
        yield found


if can_mount():

    def test_a_server_that_a_full_disk_ended_says_so_and_runs_once_there_is_room(disk, supervising):
        said: list[str] = []
        suite = supervising(disk / "home", said)
        filler = disk / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(disk).free - 4 * 2**20))
        with psycopg.connect(suite.postgres.superuser_url, autocommit=True) as connection:
            for_its_log = "do $$ begin for n in 1..40 loop perform pg_logical_emit_message("
            with pytest.raises(psycopg.OperationalError):
                connection.execute(
                    for_its_log + "true, 'x', repeat('x', 1000000)); end loop; end $$"
                )
        assert wait_until(lambda: suite.postgres.has_died, 30)

        suite._revive_servers()
        assert "is full: free some space" in said[-1]
        assert told_down(suite.folder) == {"PostgreSQL": said[-1]}

        filler.unlink()
        suite._revive_servers()
        assert said[-1] == "PostgreSQL runs again"
