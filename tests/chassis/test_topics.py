"""Topics are made, or told why not; a client that could not be made leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kafka.errors import InvalidTopicError

from services.chassis.topics import make_topics

PROGRAM = Path(__file__).with_name("refused_clients.py")
HERE = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.mark.parametrize("client", ["consumer", "producer", "admin"])
def test_where_kafka_does_not_answer_no_thread_and_no_wakening_socket_is_kept(client: str) -> None:
    command = [sys.executable, str(PROGRAM), client]
    said = subprocess.check_output(command, text=True, timeout=120, env=HERE)

    assert said.split() == ["3", "0", "0"]


def test_topics_are_made_once_and_one_that_cannot_be_is_told_beside_those_that_were(kafka) -> None:
    servers = kafka.bootstrap_servers

    assert make_topics(servers, ["made-1", "made-2"], 1) == ["made-1", "made-2"]
    assert make_topics(servers, ["made-2", "made-3"], 1) == ["made-3"]
    with pytest.raises(InvalidTopicError, match="no/topic"):
        make_topics(servers, ["made-4", "no/topic"], 1)
    assert make_topics(servers, ["made-4"], 1) == []
