"""A company belongs to one worker; the others pass requests on; nothing is lost when one ends."""

import threading
import time

import psycopg
import pytest
from crew import MOVED_S, OWNERS, SLUGS, now

from services.chassis.ownership import number_of
from services.embedded.waiting import wait_until
from services.reporting.workers.locks import MARK, SharedOwnership

PASSED_ON = {"x-referent-passed-on": "1"}


def test_each_company_has_one_owner_and_every_worker_tells_its_figures(crew):
    first, second = crew.workers
    known = now()

    for slug in SLUGS:
        told = first.figures(slug, known)
        assert told == second.figures(slug, known)
        assert told["cutoff"]["intake"] == 40
    assert first.digest("amay") == second.digest("amay")
    assert crew.is_shared()


def test_who_may_is_judged_by_the_owner_and_nothing_of_a_request_says_where_it_goes(crew):
    stranger = crew.other(crew.owner("amay"))
    path = "/api/amay/figures/2025"

    assert stranger.ask("GET", path, "intake-officer.amay").status_code == 403
    assert stranger.ask("GET", path, "auditor.binche").status_code == 404
    nobody = {"authorization": "Bearer of-nothing", "accept": "text/html"}
    refused = stranger.ask("GET", "/amay/years/2025", "operator", headers=nobody)
    assert (refused.status_code, refused.headers["location"]) == (
        303,
        "/sign-in?next=/amay/years/2025",
    )
    elsewhere = stranger.ask("GET", path, "auditor.amay", headers={"host": "example.org"})
    assert elsewhere.status_code == 400
    once = stranger.ask("GET", path, "auditor.amay", headers=PASSED_ON)
    assert (once.status_code, once.json()["type"]) == (503, "/problems/company-is-moving")
    assert once.headers["retry-after"] == "2"
    denied = stranger.ask("GET", path, "intake-officer.amay", headers=PASSED_ON)
    assert denied.status_code == 403


def test_the_region_is_told_of_every_company_by_every_worker(crew):
    first, second = (w.ask("GET", "/api/region/2025", "regional-authority") for w in crew.workers)

    assert first.json() == second.json()
    assert [row["company"] for row in first.json()["companies"]] == list(SLUGS)


def test_a_killed_owners_companies_are_served_by_the_other_and_come_back(crew):
    killed = crew.owner("binche")
    heir = crew.other(killed)
    lost = [slug for slug, (address,) in crew.owners().items() if address == killed.address]
    known = now()
    before = {slug: heir.figures(slug, known) for slug in lost}
    digest = heir.digest("binche")

    killed.kill()
    assert {slug: heir.figures(slug, known) for slug in lost} == before
    assert heir.digest("binche") == digest
    heads = {slug: crew.publish(slug) for slug in lost}
    assert all(wait_until(lambda s=s: heir.took(s, heads[s]), MOVED_S) for s in lost)
    alone = heir.digest("binche")
    assert heir.opened() == set(SLUGS)

    with crew.nothing_open_twice():
        killed.begin()
        crew.settled()
    assert crew.owner("binche") is killed
    assert heir.digest("binche") == alone != digest


@pytest.fixture
def waiting(crew):
    """Whoever waits for a company's lock longest gets it next: nobody can take it in between."""
    with psycopg.connect(crew.home.admin_url, dbname="reporting", autocommit=True) as connection:
        numbers = number_of("reporting"), number_of("chimay")
        lock = ("SELECT pg_advisory_lock(%s, %s)", numbers)
        thread = threading.Thread(target=connection.execute, args=lock)
        thread.start()
        queued = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        assert wait_until(lambda: crew.admin.execute(queued).fetchone(), 5)
        yield lambda: (thread.join(), connection)[1]
        connection.cancel()
        thread.join()


def test_an_owner_whose_lock_is_cut_is_none_until_it_has_it_again(crew, waiting):
    cut = crew.owner("chimay")
    number = number_of("chimay") % 2**32
    (pid,) = (p for n, _, p in crew.admin.execute(OWNERS, (MARK,)).fetchall() if n == number)

    crew.admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    holder = waiting()

    path = "/api/chimay/figures/2025"
    answer = cut.ask("GET", path, "auditor.chimay", headers=PASSED_ON)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/company-is-moving")
    assert wait_until(lambda: "chimay" not in cut.opened(), 2)
    head = crew.publish("chimay")
    began = time.monotonic()
    shown = {"accept": "text/html"}
    page = crew.other(cut).ask("GET", "/chimay/years/2025", "auditor.chimay", headers=shown)
    assert (page.status_code, page.headers["retry-after"]) == (503, "2")
    assert "Les chiffres de cette société sont en cours de reprise" in page.text
    assert time.monotonic() - began < 10

    holder.execute("SELECT pg_advisory_unlock_all()")
    crew.settled()
    assert cut.took("chimay", head)
    assert crew.owner("chimay") is cut


def test_that_a_lock_was_cut_is_known_before_anything_is_asked_of_the_server(crew):
    address = "127.0.0.1:1"
    ownership = SharedOwnership(crew.home.url("intake", "intake"), "test", address)
    try:
        assert ownership.claim(SLUGS) == set(SLUGS)
        assert ownership.holds("amay")
        cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        crew.admin.execute(f"{cut} WHERE application_name = %s", (MARK + address,))

        assert not ownership.holds("amay")
        assert ownership.claim(SLUGS) == set(SLUGS)
        assert (ownership.holds("amay"), ownership.session) == (True, 2)
    finally:
        ownership.close()
