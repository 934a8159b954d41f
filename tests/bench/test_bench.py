"""The bench still runs: every measurement on shared servers, made once with little.

That of two workers is made among their own tests, that of the whole suite by `make bench` alone.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import long_history
import reading
import run
import scale


def test_each_measurement_can_be_made(home, new_company, monkeypatch, capsys):
    monkeypatch.setattr(run, "SLUG", new_company())  # servers are shared: a company of its own
    for name, few in (("ACCOUNTS", 20), ("MOVEMENTS", 60), ("COMMANDS", 10)):
        monkeypatch.setattr(run, name, few)  # the same work, fewer times
    monkeypatch.setattr(reading, "RUNNER_EVENTS", 200)  # the same work, fewer times
    monkeypatch.setattr(long_history, "READS", 1)  # as above

    few = [new_company(), new_company()]
    monkeypatch.setattr(scale, "slugs_of", lambda count: few[:count])  # as above
    monkeypatch.setattr(scale, "FACTS_EACH", 100)  # the same work, fewer times

    run.writing(home)
    rate = reading.rebuilding(home, new_company(), 500)
    scale.show_linear("facts", [500], [rate])
    scale.show_linear("companies", [1, 2], scale.companies_rebuilt(home, [1, 2]))
    reading.library_runner(home)
    long_history.long_history(home, new_company(), 2_000)
    long_history.average_history(home, new_company(), 1_000)
    run.simulating()

    told = capsys.readouterr().out
    assert len(told.splitlines()) == 24
    assert "work list, 20 rows" in told
    assert "command with its fact" in told
