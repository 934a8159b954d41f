"""Homes of their own for the tests of the embedded servers."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from services.embedded.kafka import EmbeddedKafka
from services.embedded.postgres import EmbeddedPostgres

SMALL = {"shared_buffers": "16MB"}
ROOT = Path(__file__).parents[2]

_START_AND_DIE = """
import os, pathlib, sys
from services.embedded.{module} import {server}
{server}(pathlib.Path(sys.argv[1])).start()
os._exit(0)
"""


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path / "home", SMALL) as server:
        yield server


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A server for tests that only look."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "home", SMALL) as server:
        yield server


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    with EmbeddedKafka(tmp_path_factory.mktemp("kafka") / "home") as server:
        yield server


@pytest.fixture
def left_behind() -> Callable[[EmbeddedPostgres | EmbeddedKafka], int]:
    """Lets a process of its own start the server and die without a word."""

    def leave(server: EmbeddedPostgres | EmbeddedKafka) -> int:
        kind = type(server)
        module = kind.__module__.rpartition(".")[2]
        script = _START_AND_DIE.format(module=module, server=kind.__name__)
        subprocess.run([sys.executable, "-c", script, server.home], cwd=ROOT, check=True)
        assert server.pid is not None
        return server.pid

    return leave


@pytest.fixture
def killed() -> Callable[[int | None], None]:
    """Kills a process and waits until it is gone."""

    def kill(pid: int | None) -> None:
        process = psutil.Process(pid)
        process.kill()
        process.wait(timeout=10)

    return kill
