"""A household's follow-up file: the leases it is known under and every visit to it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.chassis.aggregate import Event, Opening
from services.followup.arrears_visits import ArrearsVisits
from services.followup.visit import VisitDayNotPossible

BEFORE_LEASE_MAX = timedelta(days=366)


class HouseholdFile(ArrearsVisits):
    """See the module. Opened by the first thing heard or done, whatever it is.

    `leases`: start day by lease; `ended`: last day by lease that ended.
    """

    TOPIC = "followup.household-file"
    leases: dict[UUID, date]
    ended: dict[UUID, date]

    class Opened(Opening):
        TOPIC = "followup.household-file-opened"

        def apply(self, file: "HouseholdFile") -> None:
            file.leases, file.ended, file.visits, file.heard = {}, {}, {}, set()
            file.breaches = {}

    @classmethod
    def open_file(cls, household_id: UUID, on: date) -> "HouseholdFile":
        opened: HouseholdFile = cls.open(cls.Opened, household_id, occurred_on=on)
        return opened

    def refuse_long_before(self, lease_id: UUID, field: str, day: date) -> None:
        """A year before its lease a household was not yet ours.   Refuses: VisitDayNotPossible."""
        start_on = self.leases.get(lease_id)
        if start_on is not None and day < start_on - BEFORE_LEASE_MAX:
            raise VisitDayNotPossible(
                field, f"Le bail a commencé le {start_on:%d/%m/%Y} : vérifiez l'année."
            )

    # What is known of the leases (private: it came from intake)

    class LeaseKnown(Event):
        TOPIC = "followup.lease-known"
        lease_id: UUID
        reference: str
        dwelling_reference: str
        start_on: date
        leaseholders: list[dict[str, Any]]
        transferred: bool
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            file.leases[self.lease_id] = self.start_on
            file.heard.add(self.because)

    class LeaseForgotten(Event):
        TOPIC = "followup.lease-forgotten"
        lease_id: UUID

        def apply(self, file: "HouseholdFile") -> None:
            file.leases.pop(self.lease_id, None)
            file.ended.pop(self.lease_id, None)

    class LeaseEndKnown(Event):
        TOPIC = "followup.lease-end-known"
        lease_id: UUID
        ended_on: date
        reason: str
        because: str = ""

        def apply(self, file: "HouseholdFile") -> None:
            file.ended[self.lease_id] = self.ended_on
            file.heard.add(self.because)

    class LeaseEndForgotten(Event):
        TOPIC = "followup.lease-end-forgotten"
        lease_id: UUID
        because: str = ""

        def apply(self, file: "HouseholdFile") -> None:
            file.ended.pop(self.lease_id, None)
            file.heard.add(self.because)

    class WelcomeKnown(Event):
        TOPIC = "followup.welcome-known"
        lease_id: UUID
        held_on: date | None
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            file.heard.add(self.because)
