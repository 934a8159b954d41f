"""A client of Kafka that could not be made leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("refused_clients.py")
HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.mark.parametrize("client", ["consumer", "producer", "admin"])
def test_where_kafka_does_not_answer_no_thread_and_no_wakening_socket_is_kept(client: str) -> None:
    command = [sys.executable, str(PROGRAM), client]
    said = subprocess.check_output(command, text=True, timeout=120, env=HERE)

    assert said.split() == ["3", "0", "0"]
