"""Every event of a lease has its sentence."""

from services.chassis.aggregate import Event
from services.intake.history import MODES, REASONS, SENTENCES
from services.intake.lease import EndReason, Lease, WelcomeMode


def test_every_event_of_a_lease_has_a_sentence():
    events = {
        event
        for event in vars(Lease).values()
        if isinstance(event, type) and issubclass(event, Event) and event is not Lease.Event
    }

    assert events == set(SENTENCES)
    assert len(events) == 9


def test_every_place_and_reason_has_its_french():
    assert set(MODES) == set(WelcomeMode)
    assert set(REASONS) == set(EndReason)
