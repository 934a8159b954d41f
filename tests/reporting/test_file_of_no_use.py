"""A company's file is disposable: one that is of no use is begun anew, one that is held is not."""

import subprocess
import sys

import duckdb
import pytest

from contracts.envelope import FIRST_HASH
from services.chassis.position_rule import LastTaken, Standing
from services.reporting.fact_store import FactStore, MadeByOtherCode
from services.reporting.store_files import open_store


@pytest.fixture
def path(tmp_path):
    """A file in which something was kept."""
    path = tmp_path / "company-1.duckdb"
    store = FactStore(path)
    store.keep("intake", [b"{}"], Standing(LastTaken(7, FIRST_HASH), 9))
    store.close()
    return path


def position(store):
    try:
        return store.positions()["intake"]
    finally:
        store.close()


def test_a_file_of_this_version_is_read_on(path):
    assert position(open_store(path)) == 7


@pytest.mark.parametrize("spoil", ["DELETE FROM made_by", "DROP TABLE made_by"])
def test_a_file_of_which_nobody_knows_who_made_it_is_begun_anew(path, spoil):
    with duckdb.connect(str(path)) as other:
        other.execute(spoil)

    with pytest.raises(MadeByOtherCode):
        FactStore(path)
    assert position(open_store(path)) == 0
    assert position(open_store(path)) == 0


@pytest.mark.parametrize("keep_bytes", [0, 100, 4096, 20_000])
def test_a_file_that_is_half_written_is_begun_anew(path, keep_bytes):
    content = path.read_bytes()
    path.write_bytes(content[:keep_bytes] + b"\x13" * (len(content) - keep_bytes))

    assert position(open_store(path)) == 0


def test_a_file_that_another_process_holds_is_left_alone(path):
    holding = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", holding, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    other.stdout.readline()
    try:
        with pytest.raises(duckdb.IOException):
            open_store(path)
    finally:
        other.communicate("\n")

    assert position(open_store(path)) == 7
