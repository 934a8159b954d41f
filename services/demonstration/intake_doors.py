"""The doors of intake: what the player does with leases and dwellings."""

from typing import Any

from services.chassis.aggregate import natural_id
from services.demonstration.addresses import address_of
from services.demonstration.steps import (
    CorrectLease,
    EndLease,
    HoldWelcome,
    ResumeLetting,
    SignLease,
    SuspendLetting,
    Transfer,
    WithdrawLease,
)


class IntakeDoors:
    """Whoever is these doors says how an act goes to a service, in `_act`."""

    slug: str

    def _act(self, key: str, method: str, service: str, path: str, body: Any = None) -> Any:
        raise AssertionError("the doors say how")

    def sign_lease(self, key: str, step: SignLease) -> None:
        body = {
            "reference": step.reference,
            "dwelling_reference": step.dwelling,
            "start_on": step.start_on.isoformat(),
            "rent_cents": step.rent_cents,
            "charges_cents": step.charges_cents,
            "leaseholders": [
                {
                    "name": name,
                    "contact": contact or None,
                    "address": address_of(step.dwelling),
                    "language": step.language.value,
                }
                for name, contact in step.names
            ],
        }
        self._act(key, "POST", "intake", "leases", body)

    def transfer(self, key: str, step: Transfer) -> None:
        body = {
            "reference": step.new_reference,
            "dwelling_reference": step.dwelling,
            "start_on": step.start_on.isoformat(),
            "rent_cents": step.rent_cents,
            "charges_cents": step.charges_cents,
            "address": address_of(step.dwelling),
        }
        self._lease(key, step.lease_reference, "transfer", body)

    def correct_lease(self, key: str, step: CorrectLease) -> None:
        body = {
            "dwelling_reference": step.dwelling,
            "start_on": step.start_on.isoformat(),
            "rent_cents": step.rent_cents,
            "charges_cents": step.charges_cents,
        }
        self._lease(key, step.lease_reference, "correction", body)

    def end_lease(self, key: str, step: EndLease) -> None:
        body = {"ended_on": step.ended_on.isoformat(), "reason": step.reason.value}
        self._lease(key, step.lease_reference, "end", body)

    def withdraw_lease(self, key: str, step: WithdrawLease) -> None:
        self._lease(key, step.lease_reference, "withdrawal", None)

    def suspend_letting(self, key: str, step: SuspendLetting) -> None:
        body = {"unlettable_from": step.unlettable_from.isoformat(), "reason": step.reason.value}
        self._dwelling(key, step.dwelling, "suspension", body)

    def resume_letting(self, key: str, step: ResumeLetting) -> None:
        body = {"lettable_from": step.lettable_from.isoformat()}
        self._dwelling(key, step.dwelling, "resumption", body)

    def _dwelling(self, key: str, reference: str, act: str, body: Any) -> None:
        dwelling_id = natural_id(self.slug, "dwelling", reference)
        self._act(key, "POST", "intake", f"dwellings/{dwelling_id}/{act}", body)

    def hold_welcome(self, key: str, step: HoldWelcome) -> None:
        body = {"held_on": step.held_on.isoformat(), "mode": step.mode.value}
        self._lease(key, step.lease_reference, "welcome-meeting", body)

    def _lease(self, key: str, reference: str, act: str, body: Any) -> None:
        lease_id = natural_id(self.slug, "lease", reference)
        self._act(key, "POST", "intake", f"leases/{lease_id}/{act}", body)
