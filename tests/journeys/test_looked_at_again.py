"""A page of figures that took long is there at once when it is looked at again."""

from datetime import date

from services.embedded.waiting import wait_until
from services.reporting import reckoned


def test_the_timer_reckons_ahead_what_somebody_looked_at(let, monkeypatch):
    monkeypatch.setattr(reckoned, "SLOW_S", 0.0)  # every figure of this small company is slow
    let.reporting.report(2024)
    let.intake.register_dwelling(let.me, "D3", date(2020, 1, 1))
    let.settle()
    ahead = let.reporting.ahead

    def is_reckoned():
        let.reporting.tick()
        ahead.stop()
        return ahead.reckoned_from == let.reporting.store.positions()

    assert wait_until(is_reckoned, 20)
    monkeypatch.delattr(reckoned, "counted")  # who looks now has nothing counted
    assert let.reporting.report(2024)["figures"]
