"""A household's follow-up file: the leases it is known under, its visits and its support."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.intake import EndReason
from services.chassis.aggregate import Event, Opening
from services.followup.household_support import HouseholdSupport
from services.followup.support_period import SupportDayNotPossible, SupportTerms
from services.followup.visit import VisitDayNotPossible

BEFORE_LEASE_MAX = timedelta(days=366)


class HouseholdFile(HouseholdSupport):
    """See the module. Opened by the first thing heard or done, whatever it is.

    `leases`: start day by lease; `ended`: last day by lease that ended; `deaths`: the leases among
    these that a death ended.
    """

    TOPIC = "followup.household-file"
    leases: dict[UUID, date]
    ended: dict[UUID, date]
    deaths: set[UUID]

    class Opened(Opening):
        TOPIC = "followup.household-file-opened"

        def apply(self, file: "HouseholdFile") -> None:
            file.leases, file.ended, file.visits, file.heard = {}, {}, {}, set()
            file.breaches, file.support, file.deaths = {}, {}, set()

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

    def refuse_unknown_then(self, terms: SupportTerms) -> None:
        """A household that was not yet ours, or that is no more, is not supported.

        Refuses: SupportDayNotPossible (422).
        """
        first = min(self.leases.values(), default=None)
        if first is not None and terms.agreed_on < first - BEFORE_LEASE_MAX:
            raise SupportDayNotPossible(
                "agreed_on", f"Le bail a commencé le {first:%d/%m/%Y} : vérifiez l'année."
            )
        died_on = max((self.ended[lease] for lease in self.deaths), default=date.max)
        if terms.opened_on >= died_on and not self.lives_on(died_on):
            raise SupportDayNotPossible(
                "opened_on", f"Un décès a mis fin au bail le {died_on:%d/%m/%Y} : vérifiez la date."
            )

    def end_support_by_death(self, ended_on: date, because: str) -> None:
        """A death ended a lease: unless another runs on, support ends with it.

        Records: SupportPeriodClosed.
        """
        if not self.lives_on(ended_on):
            self.close_at_death(ended_on, because)

    def lives_on(self, day: date) -> bool:
        """Whether a lease of the household runs beyond a day."""
        return any(self.ended.get(lease, date.max) > day for lease in self.leases)

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
            file.deaths.discard(self.lease_id)

    class LeaseEndKnown(Event):
        TOPIC = "followup.lease-end-known"
        lease_id: UUID
        ended_on: date
        reason: str
        because: str = ""

        def apply(self, file: "HouseholdFile") -> None:
            file.ended[self.lease_id] = self.ended_on
            file.deaths.discard(self.lease_id)
            if self.reason == EndReason.DEATH:
                file.deaths.add(self.lease_id)
            file.heard.add(self.because)

    class LeaseEndForgotten(Event):
        TOPIC = "followup.lease-end-forgotten"
        lease_id: UUID
        because: str = ""

        def apply(self, file: "HouseholdFile") -> None:
            file.ended.pop(self.lease_id, None)
            file.deaths.discard(self.lease_id)
            file.heard.add(self.because)

    class WelcomeKnown(Event):
        TOPIC = "followup.welcome-known"
        lease_id: UUID
        held_on: date | None
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            file.heard.add(self.because)
