"""A household's follow-up file: the leases it is known under and every visit to it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from services.chassis.aggregate import Aggregate, Event, Opening
from services.followup.visit import UnknownVisit, Visit, VisitDayNotPossible, VisitState

PLANNED_AHEAD_MAX = timedelta(days=800)


class HouseholdFile(Aggregate):
    """See the module. Opened by the first thing heard or done, whatever it is.

    `leases`: start day by lease; `ended`: last day by lease that ended; `visits` by id;
    `heard`: ids of the facts that were only remembered, so that a repeat is not remembered twice.
    """

    TOPIC = "followup.household-file"
    leases: dict[UUID, date]
    ended: dict[UUID, date]
    visits: dict[UUID, Visit]
    heard: set[str]

    class Opened(Opening):
        TOPIC = "followup.household-file-opened"

        def apply(self, file: "HouseholdFile") -> None:
            file.leases, file.ended, file.visits, file.heard = {}, {}, {}, set()

    @classmethod
    def open_file(cls, household_id: UUID, on: date) -> "HouseholdFile":
        opened: HouseholdFile = cls.open(cls.Opened, household_id, occurred_on=on)
        return opened

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

        def apply(self, file: "HouseholdFile") -> None:
            file.ended[self.lease_id] = self.ended_on

    class LeaseEndForgotten(Event):
        TOPIC = "followup.lease-end-forgotten"
        lease_id: UUID

        def apply(self, file: "HouseholdFile") -> None:
            file.ended.pop(self.lease_id, None)

    class WelcomeKnown(Event):
        TOPIC = "followup.welcome-known"
        lease_id: UUID
        held_on: date | None
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            file.heard.add(self.because)

    class ArrearsClearedKnown(Event):
        TOPIC = "followup.arrears-cleared-known"
        lease_id: UUID
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            file.heard.add(self.because)

    # Visits

    class VisitPlanned(Event):
        TOPIC = "followup.visit-planned"
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        planned_on: date
        because: str | None

        def apply(self, file: "HouseholdFile") -> None:
            visit = file.visits.setdefault(
                self.visit_id, Visit(self.visit_id, self.lease_id, self.kind, VisitState.PLANNED)
            )
            visit.state, visit.planned_on = VisitState.PLANNED, self.planned_on
            visit.planned_version = self.originator_version

    def plan_visit(
        self,
        visit_id: UUID,
        lease_id: UUID,
        kind: VisitKind,
        planned_on: date,
        today: date,
        because: str | None = None,
    ) -> None:
        """Plan a new visit, one that was proposed, or one that was missed.

        Records: VisitPlanned.   Refuses: VisitAlreadyRecorded, VisitIsNotOpen (409),
        VisitDayNotPossible (422) more than two years ahead.
        """
        known = self.visits.get(visit_id)
        if known is not None:
            known.refuse_unless_open()
        if planned_on > today + PLANNED_AHEAD_MAX:
            raise VisitDayNotPossible(
                "planned_on", "Plus de deux ans à l'avance : vérifiez l'année."
            )
        self.trigger_event(
            self.VisitPlanned,
            visit_id=visit_id,
            lease_id=lease_id,
            kind=kind,
            planned_on=planned_on,
            because=because,
            occurred_on=today,
        )

    class VisitPlanCorrected(Event):
        TOPIC = "followup.visit-plan-corrected"
        corrects_version: int
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        planned_on: date
        because: str | None

        def apply(self, file: "HouseholdFile") -> None:
            file.visits[self.visit_id].planned_on = self.planned_on

    def correct_plan(self, visit: Visit, planned_on: date, on: date, because: str) -> None:
        """The day was computed from a wrong start of the lease.   Records: VisitPlanCorrected."""
        if visit.planned_on != planned_on:
            self.trigger_event(
                self.VisitPlanCorrected,
                corrects_version=visit.planned_version,
                visit_id=visit.visit_id,
                lease_id=visit.lease_id,
                kind=visit.kind,
                planned_on=planned_on,
                because=because,
                occurred_on=on,
            )

    class VisitPlanWithdrawn(Event):
        TOPIC = "followup.visit-plan-withdrawn"
        corrects_version: int
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        planned_on: date

        def apply(self, file: "HouseholdFile") -> None:
            file.visits[self.visit_id].state = VisitState.WITHDRAWN

    def withdraw_plan(self, visit: Visit, on: date) -> None:
        """The lease never was, so the visit was never due.   Records: VisitPlanWithdrawn."""
        self.trigger_event(
            self.VisitPlanWithdrawn,
            corrects_version=visit.planned_version,
            visit_id=visit.visit_id,
            lease_id=visit.lease_id,
            kind=visit.kind,
            planned_on=visit.planned_on,
            occurred_on=on,
        )

    class VisitProposed(Event):
        TOPIC = "followup.visit-proposed"
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        proposed_on: date
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            visit = Visit(self.visit_id, self.lease_id, self.kind, VisitState.PROPOSED)
            visit.causes.append(self.because)
            file.visits[self.visit_id] = visit

    class VisitCauseAdded(Event):
        TOPIC = "followup.visit-cause-added"
        visit_id: UUID
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            file.visits[self.visit_id].causes.append(self.because)

    def propose_arrears_visit(self, visit_id: UUID, lease_id: UUID, because: str, on: date) -> None:
        """Propose an arrears visit, or join the one that is open (BR-14).

        Records: VisitProposed or VisitCauseAdded; nothing for a cause known already.
        """
        if any(because in visit.causes for visit in self.visits.values()):
            return
        already = self._open_arrears_visit()
        if already is not None:
            self.trigger_event(
                self.VisitCauseAdded, visit_id=already.visit_id, because=because, occurred_on=on
            )
        else:
            self.trigger_event(
                self.VisitProposed,
                visit_id=visit_id,
                lease_id=lease_id,
                kind=VisitKind.ARREARS,
                proposed_on=on,
                because=because,
                occurred_on=on,
            )

    def _open_arrears_visit(self) -> Visit | None:
        for visit in self.visits.values():
            if visit.kind is VisitKind.ARREARS and visit.is_open:
                return visit
        return None

    class VisitCauseDropped(Event):
        TOPIC = "followup.visit-cause-dropped"
        visit_id: UUID
        because: str

        def apply(self, file: "HouseholdFile") -> None:
            file.visits[self.visit_id].causes.remove(self.because)

    def drop_cause(self, because: str, on: date) -> None:
        """A cause was withdrawn; a visit without any other is withdrawn unless it was made.

        Records: VisitCauseDropped, VisitWithdrawn.
        """
        for visit in self.visits.values():
            if because in visit.causes:
                self.trigger_event(
                    self.VisitCauseDropped,
                    visit_id=visit.visit_id,
                    because=because,
                    occurred_on=on,
                )
                if visit.is_open and not visit.causes:
                    self.withdraw_visit(visit, on, "cause-withdrawn")

    def clear_arrears(self, lease_id: UUID, because: str, on: date) -> None:
        """Nothing is owed any more: a visit that was only proposed is not needed."""
        if because in self.heard:
            return
        self.trigger_event(
            self.ArrearsClearedKnown, lease_id=lease_id, because=because, occurred_on=on
        )
        visit = self._open_arrears_visit()
        if visit is not None and visit.state is VisitState.PROPOSED:
            self.withdraw_visit(visit, on, "arrears-cleared")

    class VisitRecorded(Event):
        TOPIC = "followup.visit-recorded"
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        done_on: date
        place: VisitPlace
        performed_by: str
        result: VisitResult

        def apply(self, file: "HouseholdFile") -> None:
            visit = file.visits.setdefault(
                self.visit_id, Visit(self.visit_id, self.lease_id, self.kind, VisitState.MADE)
            )
            visit.state, visit.recorded_version = VisitState.MADE, self.originator_version
            visit.made = _made(self)

    def record_visit(self, visit_id: UUID, lease_id: UUID, kind: VisitKind, **made: Any) -> None:
        """A visit was made: `done_on`, `place`, `performed_by`, `result`; `today` for the guard.

        Records: VisitRecorded (BR-13).
        Refuses: VisitAlreadyRecorded, VisitIsNotOpen (409), VisitDayNotPossible (422).
        """
        _refuse_future(made["done_on"], made.pop("today"))
        known = self.visits.get(visit_id)
        if known is not None:
            known.refuse_unless_open()
        self.trigger_event(
            self.VisitRecorded,
            visit_id=visit_id,
            lease_id=lease_id,
            kind=kind,
            occurred_on=made["done_on"],
            **made,
        )

    class VisitRecordCorrected(VisitRecorded):
        TOPIC = "followup.visit-record-corrected"
        corrects_version: int

        def apply(self, file: "HouseholdFile") -> None:
            file.visits[self.visit_id].made = _made(self)

    class VisitRecordWithdrawn(VisitRecorded):
        TOPIC = "followup.visit-record-withdrawn"
        corrects_version: int

        def apply(self, file: "HouseholdFile") -> None:
            visit = file.visits[self.visit_id]
            visit.recorded_version = None
            visit.state = VisitState.PLANNED if visit.planned_on else VisitState.PROPOSED

    class VisitMissed(Event):
        TOPIC = "followup.visit-missed"
        visit_id: UUID
        lease_id: UUID
        missed_on: date
        reason: AbsenceReason

        def apply(self, file: "HouseholdFile") -> None:
            file.visits[self.visit_id].state = VisitState.MISSED

    def miss_visit(
        self, visit_id: UUID, missed_on: date, reason: AbsenceReason, today: date
    ) -> None:
        """The visit did not take place; it may be planned again.

        Records: VisitMissed.   Refuses: VisitAlreadyRecorded, VisitIsNotOpen (409).
        """
        _refuse_future(missed_on, today)
        visit = self.visit(visit_id)
        visit.refuse_unless_open()
        if visit.state is not VisitState.MISSED:
            self.trigger_event(
                self.VisitMissed,
                visit_id=visit_id,
                lease_id=visit.lease_id,
                missed_on=missed_on,
                reason=reason,
                occurred_on=missed_on,
            )

    class VisitWithdrawn(Event):
        TOPIC = "followup.visit-withdrawn"
        visit_id: UUID
        lease_id: UUID
        withdrawn_on: date
        why: str

        def apply(self, file: "HouseholdFile") -> None:
            visit = file.visits[self.visit_id]
            visit.before_withdrawal, visit.state = visit.state, VisitState.WITHDRAWN
            visit.withdrawn_why, visit.withdrawn_on = self.why, self.withdrawn_on
            visit.withdrawn_version = self.originator_version

    def withdraw_visit(self, visit: Visit, on: date, why: str) -> None:
        """An open visit is no longer to be made.   Records: VisitWithdrawn."""
        if visit.is_open or visit.state is VisitState.MISSED:
            self.trigger_event(
                self.VisitWithdrawn,
                visit_id=visit.visit_id,
                lease_id=visit.lease_id,
                withdrawn_on=on,
                why=why,
                occurred_on=on,
            )

    class VisitRestored(Event):
        TOPIC = "followup.visit-restored"
        corrects_version: int
        visit_id: UUID
        lease_id: UUID
        withdrawn_on: date
        why: str

        def apply(self, file: "HouseholdFile") -> None:
            visit = file.visits[self.visit_id]
            visit.state = visit.before_withdrawal or VisitState.PLANNED

    def restore_visit(self, visit: Visit) -> None:
        """What made us withdraw it was wrong.   Records: VisitRestored (a withdrawal withdrawn)."""
        self.trigger_event(
            self.VisitRestored,
            corrects_version=visit.withdrawn_version,
            visit_id=visit.visit_id,
            lease_id=visit.lease_id,
            withdrawn_on=visit.withdrawn_on,
            why=visit.withdrawn_why,
            occurred_on=visit.withdrawn_on,
        )

    def visit(self, visit_id: UUID) -> Visit:
        if visit_id not in self.visits:
            raise UnknownVisit("Cette visite n'existe pas dans le dossier de ce ménage.")
        return self.visits[visit_id]


def _refuse_future(day: date, today: date) -> None:
    if day > today:
        raise VisitDayNotPossible("done_on", f"Le {day:%d/%m/%Y} n'est pas encore passé.")


def _made(event: HouseholdFile.VisitRecorded) -> dict[str, Any]:
    return {
        "done_on": event.done_on,
        "place": event.place,
        "performed_by": event.performed_by,
        "result": event.result,
    }
