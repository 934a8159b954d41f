"""A process that is stopped in the middle of an act keeps its company's lock for a while only."""

import threading
from datetime import date

import psycopg
import pytest

from services.chassis import datastore
from services.chassis.caller import Caller
from services.chassis.problems import as_refusal


def test_an_act_that_goes_no_further_is_ended_and_the_next_one_goes_through(
    hosts, new_company, monkeypatch
):
    service = hosts("intake").service(new_company())
    held, may_go_on, ends = threading.Event(), threading.Event(), []

    def go_no_further(act):
        held.set()
        may_go_on.wait(30)
        service.import_dwellings(act, [_dwelling("NEVER")])

    def stopped():
        with pytest.raises(psycopg.Error) as ended:
            service.perform(Caller("stopped"), go_no_further)
        ends.append(ended.value)

    monkeypatch.setattr(datastore, "ACT_MAX", "500ms")  # real PostgreSQL ends it; not in a minute
    thread = threading.Thread(target=stopped)
    thread.start()
    held.wait(30)
    monkeypatch.undo()
    service.register_dwelling(Caller("next"), "NEXT", date(2026, 3, 2))
    may_go_on.set()
    thread.join(30)

    assert [as_refusal(error).slug for error in ends] == ["busy"]
    with service.datastore.reading() as rows:
        facts = rows.execute("SELECT version FROM facts WHERE type LIKE '%dwelling%'").fetchall()
    assert len(facts) == 1


def _dwelling(reference):
    return {"reference": reference, "registered_on": date(2026, 3, 2), "bedrooms": None}
