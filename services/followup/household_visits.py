"""The visits of a household: planned, made, missed, withdrawn."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from services.chassis.aggregate import Aggregate, Event
from services.followup.visit import (
    UnknownVisit,
    Visit,
    VisitAlreadyPlanned,
    VisitAlreadyRecorded,
    VisitDayNotPossible,
    VisitState,
)

PLANNED_AHEAD_MAX = timedelta(days=800)
LEASE_ENDED = "lease-ended"
PLANNED_BY_MISTAKE = "planned-by-mistake"


class HouseholdVisits(Aggregate):
    """See the module; `visits` by id. `HouseholdFile` is the whole."""

    visits: dict[UUID, Visit]

    class VisitPlanned(Event):
        TOPIC = "followup.visit-planned"
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        planned_on: date
        because: str | None

        def apply(self, file: "HouseholdVisits") -> None:
            new = Visit(self.visit_id, self.lease_id, self.kind, VisitState.PLANNED)
            new.is_own = self.because is None
            visit = file.visits.setdefault(self.visit_id, new)
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

    def refuse_planned_twice(self, lease_id: UUID, kind: VisitKind, planned_on: date) -> None:
        """The same visit of the same day is planned once.   Refuses: VisitAlreadyPlanned (409)."""
        new = (VisitState.PLANNED, lease_id, kind, planned_on)
        if new in ((v.state, v.lease_id, v.kind, v.planned_on) for v in self.visits.values()):
            raise VisitAlreadyPlanned(
                "La même visite est déjà prévue ce jour-là pour ce ménage : rien n'a été ajouté."
            )

    class VisitPlanCorrected(Event):
        TOPIC = "followup.visit-plan-corrected"
        corrects_version: int
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        planned_on: date
        because: str | None

        def apply(self, file: "HouseholdVisits") -> None:
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

        def apply(self, file: "HouseholdVisits") -> None:
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

    class VisitRecorded(Event):
        TOPIC = "followup.visit-recorded"
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        done_on: date
        place: VisitPlace
        performed_by: str
        result: VisitResult

        def apply(self, file: "HouseholdVisits") -> None:
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
        elif any(visit.is_the_same(lease_id, kind, made) for visit in self.visits.values()):
            raise VisitAlreadyRecorded(
                "La même visite du même jour est déjà notée pour ce ménage : rien n'a été ajouté."
            )
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

        def apply(self, file: "HouseholdVisits") -> None:
            file.visits[self.visit_id].made = _made(self)

    class VisitRecordWithdrawn(VisitRecorded):
        TOPIC = "followup.visit-record-withdrawn"
        corrects_version: int

        def apply(self, file: "HouseholdVisits") -> None:
            visit = file.visits[self.visit_id]
            visit.recorded_version = None
            visit.state = visit.before_record

    def amend_record(self, visit: Visit, event: type[Any], made: dict[str, Any]) -> None:
        """Records: VisitRecordCorrected with what was made, or VisitRecordWithdrawn."""
        self.trigger_event(
            event,
            corrects_version=visit.recorded_version,
            visit_id=visit.visit_id,
            lease_id=visit.lease_id,
            kind=visit.kind,
            occurred_on=made["done_on"],
            **made,
        )

    class VisitMissed(Event):
        TOPIC = "followup.visit-missed"
        visit_id: UUID
        lease_id: UUID
        missed_on: date
        reason: AbsenceReason

        def apply(self, file: "HouseholdVisits") -> None:
            file.visits[self.visit_id].state = VisitState.MISSED

    def miss_visit(
        self, visit_id: UUID, missed_on: date, reason: AbsenceReason, today: date
    ) -> None:
        """The visit did not take place; it may be planned again.

        Records: VisitMissed.   Refuses: VisitAlreadyRecorded, VisitIsNotOpen (409),
        UnknownVisit (404), VisitDayNotPossible (422) for a day ahead.
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

        def apply(self, file: "HouseholdVisits") -> None:
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

        def apply(self, file: "HouseholdVisits") -> None:
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


def _made(event: HouseholdVisits.VisitRecorded) -> dict[str, Any]:
    return {
        "done_on": event.done_on,
        "place": event.place,
        "performed_by": event.performed_by,
        "result": event.result,
    }
