"""What an act leaves in memory, while others wait for the log."""

import threading
from datetime import date
from uuid import UUID

from services.chassis.caller import Caller
from services.intake.dwelling import Dwelling

ME, DAY = Caller("officer"), date(2020, 1, 1)


def test_an_act_that_waited_for_another_finds_in_memory_what_was_there(
    new_company, hosts, monkeypatch
):
    intake = hosts("intake").service(new_company())
    known = UUID(intake.register_dwelling(ME, "D1", DAY).id)
    kept = intake.cache.take(known)
    committed, on = threading.Event(), threading.Event()
    found = []

    def stay(point):
        if point == "act.after-commit" and threading.current_thread() is first:
            committed.set()
            on.wait(20)

    def look(act):
        found.append(act.find(Dwelling, known))

    where = "services.chassis.service.failpoint"
    monkeypatch.setattr(where, stay)  # the act is real: its fail-point waits for another act
    first = threading.Thread(target=intake.register_dwelling, args=(ME, "D2", DAY))
    second = threading.Thread(target=intake.perform, args=(ME, look))
    first.start()
    assert committed.wait(20)
    second.start()
    second.join(0.5)
    on.set()
    for act in (first, second):
        act.join(20)

    assert kept is not None
    assert found == [kept]
    assert found[0] is kept
