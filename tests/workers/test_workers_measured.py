"""The measurement of two workers can be made: once, with little."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

import readers


def test_what_a_reader_feels_and_how_long_nobody_serves_can_be_measured(crew, monkeypatch, capsys):
    for name, less in (("READS", 3), ("KILLS", 1), ("ACT", 5)):
        monkeypatch.setattr(readers, name, less)  # the same work, fewer times

    readers.reader_latency(crew)

    told = capsys.readouterr().out
    assert len(told.splitlines()) == 5
    assert "its owner killed: unserved" in told
