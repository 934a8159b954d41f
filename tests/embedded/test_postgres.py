import os
import stat
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from services.embedded.postgres import EmbeddedPostgres
from services.embedded.refusals import EmbeddedError

SMALL = {"shared_buffers": "16MB"}


def answer(server, query):
    with psycopg.connect(server.superuser_url) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def servers_on(data):
    running = (process.info["cmdline"] for process in psutil.process_iter(["cmdline"]))
    return sum(1 for command in running if command and str(data) in command)


def test_it_is_postgresql_18_with_utf8_and_a_builtin_order(steady):
    assert answer(steady, "select current_setting('server_version_num')::int / 10000") == 18
    assert answer(steady, "select current_setting('server_encoding')") == "UTF8"
    locale = "select datlocprovider::text || datlocale from pg_database where datname = 'postgres'"
    assert answer(steady, locale) == "bC.UTF-8"


def test_it_writes_durably(steady):
    for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert answer(steady, f"show {name}") == "on"


def test_it_listens_on_a_private_unix_socket_alone(steady):
    assert answer(steady, "show listen_addresses") == ""
    assert not psutil.Process(steady.pid).net_connections("inet")
    assert stat.S_IMODE(steady.socket_folder.stat().st_mode) == 0o700


def test_a_wrong_password_is_turned_away(steady):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(steady.superuser_url, password="guessed"))


def test_the_password_is_readable_to_its_owner_alone(steady):
    for kept in (steady.home / "secrets").iterdir():
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_ctrl_c_at_the_terminal_does_not_reach_it(steady):
    assert os.getsid(steady.pid) != os.getsid(0)


def test_settings_given_by_the_caller_win(tmp_path):
    with EmbeddedPostgres(tmp_path / "home", {**SMALL, "max_connections": "17"}) as server:
        assert answer(server, "show max_connections") == "17"


def test_data_and_address_outlive_a_restart(postgres):
    address = postgres.superuser_url
    with psycopg.connect(address) as connection:
        connection.execute("create table kept as select 42 as value")
    postgres.restart()
    assert postgres.superuser_url == address
    assert answer(postgres, "select value from kept") == 42


def test_stop_ends_the_server_and_can_be_repeated(postgres):
    pid = postgres.pid
    postgres.stop()
    postgres.stop()
    assert not psutil.pid_exists(pid)
    assert postgres.pid is None


def test_a_killed_server_starts_again_with_all_that_was_committed(postgres, killed):
    with psycopg.connect(postgres.superuser_url) as connection:
        connection.execute("create table kept as select 42 as value")
    killed(postgres.pid)
    postgres.start()
    assert answer(postgres, "select value from kept") == 42
    assert servers_on(postgres.data) == 1


def test_a_server_left_behind_is_stopped_and_a_new_one_started(tmp_path, left_behind):
    server = EmbeddedPostgres(tmp_path / "home", SMALL)
    orphan = left_behind(server)
    with server:
        assert server.pid != orphan
        assert servers_on(server.data) == 1
        assert answer(server, "select 1") == 1


def test_a_server_left_behind_can_be_stopped_without_starting(tmp_path, left_behind):
    server = EmbeddedPostgres(tmp_path / "home", SMALL)
    left_behind(server)
    server.stop()
    assert servers_on(server.data) == 0


def test_a_second_start_on_the_same_home_is_refused(steady):
    second = EmbeddedPostgres(steady.home, SMALL)
    with pytest.raises(EmbeddedError, match=f"already runs under process {os.getpid()}"):
        second.start()
    with pytest.raises(EmbeddedError, match="already runs"):
        second.stop()
    assert second.superuser_url == steady.superuser_url
    assert servers_on(steady.data) == 1


def test_a_lock_file_whose_number_is_another_process_now_is_passed_over(postgres):
    postgres.stop()
    stale = f"{os.getpid()}\n{postgres.data}\n0\n5432\n{postgres.socket_folder}\n\n0\nready\n"
    (postgres.data / "postmaster.pid").write_text(stale)
    (postgres.socket_folder / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    postgres.start()
    assert answer(postgres, "select 1") == 1


def test_a_first_start_that_was_killed_half_way_begins_anew(tmp_path):
    draft = tmp_path / "home" / "postgres.new" / "data"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path / "home", SMALL) as server:
        assert answer(server, "select 1") == 1
    assert not draft.parent.exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(tmp_path):
    with EmbeddedPostgres(tmp_path / ("long" * 30), SMALL) as server:
        assert answer(server, "select 1") == 1
        folder = Path(str(conninfo_to_dict(server.superuser_url)["host"]))
        assert server.home not in folder.parents
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_data_of_another_major_version_is_refused_in_a_sentence(postgres):
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match=r"is of PostgreSQL 16, and this suite brings 18"):
        postgres.start()


def test_a_setting_that_the_server_refuses_is_told_in_a_sentence(tmp_path):
    server = EmbeddedPostgres(tmp_path / "home", {"max_connections": "none"})
    with pytest.raises(EmbeddedError, match=r"does not start \(.*max_connections.*\): see "):
        server.start()
    assert server.pid is None


@pytest.fixture
def closed_folder(tmp_path):
    """A folder that only this user may pass through, and whose modes must stay as they are."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    yield folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert folder.stat().st_uid == os.getuid()


def test_it_runs_below_a_folder_closed_to_others(closed_folder):
    with EmbeddedPostgres(closed_folder / "home", SMALL) as server:
        assert answer(server, "select 1") == 1
        assert psutil.Process(server.pid).uids().effective != 0
