"""Two processes of reporting under one supervisor: whoever is asked, the owner answers."""

import psutil
import pytest

from services.embedded.refusals import EmbeddedError
from services.embedded.suite import WORKERS, reporting_workers
from services.embedded.waiting import wait_until
from services.reporting.shape import HEARD

SLUGS = {"demonstration", "foyer-de-sambre"}


@pytest.fixture(scope="module")
def shared(own):
    """The played home with two workers, and afterwards with one again."""
    own.run("down")
    own.workers = 2
    own.up()
    yield own
    own.run("down")
    own.workers = 1


def reporting_of(status):
    return next(s for s in status["services"] if s["service"] == "reporting")


def owned(reporting):
    return sorted(slug for worker in reporting["workers"] for slug in worker["owns"])


def test_two_workers_share_the_companies_and_commands_find_the_owner(shared):
    reporting = reporting_of(shared.json("status"))

    assert [w["address"] for w in reporting["workers"]] == shared.state["reporting"]
    assert shared.state["reporting"] == [f"http://127.0.0.1:{shared.port + n}" for n in (4, 5)]
    assert all(worker["up"] and worker["owns"] for worker in reporting["workers"])
    assert owned(reporting) == sorted(SLUGS)
    assert {c["company"] for c in reporting["companies"] if c["owned"]} == SLUGS
    assert all(company["consumed"].keys() == set(HEARD) for company in reporting["companies"])
    figures = shared.demo["figures"]
    year = shared.demo["to"][:4]
    here = ("--company", "demonstration", "--year", year)
    report, explained, rebuilt, text = shared.run_all(
        [
            ("report", *here, "--format", "json"),
            ("explain", "I19", *here, "--format", "json"),
            ("rebuild", "--company", "demonstration", "--format", "json"),
            ("status",),
        ]
    )
    assert [f["indicator"] for f in report.json["figures"]] == [f["indicator"] for f in figures]
    assert explained.json["figure"]["indicator"] == "I19"
    assert (rebuilt.code, rebuilt.json["identical_to_previous"]) == (0, True)
    assert f"http://127.0.0.1:{shared.port + 5} owns ".encode() in text.out


@pytest.mark.parametrize("number", [0, 1])
def test_a_killed_worker_is_started_again_and_commands_ask_the_other_meanwhile(shared, number):
    before = reporting_of(shared.json("status"))["workers"][number]
    port = before["address"].rpartition(":")[2]
    (process,) = [p for p in shared.services if listens_on(p, int(port))]

    process.kill()

    def is_told():
        asked = shared.run("report", "--company", "demonstration", "--year", shared.demo["to"][:4])
        assert "does not answer" not in asked.err
        return asked.code == 0

    def is_as_before():
        workers = reporting_of(shared.run("status", "--format", "json").json)["workers"]
        return workers[number] == before

    assert wait_until(is_told, 40)
    assert wait_until(is_as_before, 40)
    assert owned(reporting_of(shared.json("status"))) == sorted(SLUGS)


def listens_on(process, port):
    connections = process.net_connections("tcp")
    return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in connections)


@pytest.mark.parametrize("given", ["0", "two", "17", "²"])
def test_a_number_of_workers_that_cannot_be_is_told(given, monkeypatch):
    monkeypatch.setenv(WORKERS, given)
    with pytest.raises(EmbeddedError, match="give a number from 1 to 16"):
        reporting_workers()
