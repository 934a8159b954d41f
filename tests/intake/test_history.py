"""Every event of a lease and of a dwelling has its sentence."""

from services.chassis.aggregate import Event
from services.intake.dwelling import Dwelling, SuspensionReason
from services.intake.history import MODES, REASONS, SENTENCES, SUSPENSIONS
from services.intake.lease import EndReason, Lease, WelcomeMode


def test_every_event_of_a_lease_and_a_dwelling_has_a_sentence():
    events = {
        event
        for kind in (Lease, Dwelling)
        for event in vars(kind).values()
        if isinstance(event, type) and issubclass(event, Event) and event is not kind.Event
    }

    assert events == set(SENTENCES)
    assert len(events) == 17


def test_every_place_and_reason_has_its_french():
    assert set(MODES) == set(WelcomeMode)
    assert set(REASONS) == set(EndReason)
    assert set(SUSPENSIONS) == set(SuspensionReason)
