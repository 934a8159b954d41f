"""Arrears visits: proposed for a cause, joined by further ones, not needed once nothing is owed."""

from datetime import date
from uuid import UUID

from contracts.envelope import position_of
from contracts.followup import VisitKind
from services.chassis.aggregate import Event
from services.followup.household_visits import LEASE_ENDED, HouseholdVisits
from services.followup.visit import Visit, VisitState


class ArrearsVisits(HouseholdVisits):
    """See the module. A cause is the id of a fact of arrears: a missed payment, a breached plan.

    What is heard again after a restore meets a file that knows what came later: positions tell.

    `heard`: ids of the facts that were only remembered, so that a repeat is not remembered twice.
    `breaches`: the fact that told of a plan's breach, by plan.
    """

    heard: set[str]
    breaches: dict[UUID, str]

    class VisitProposed(Event):
        TOPIC = "followup.visit-proposed"
        visit_id: UUID
        lease_id: UUID
        kind: VisitKind
        proposed_on: date
        because: str

        def apply(self, file: "ArrearsVisits") -> None:
            visit = Visit(self.visit_id, self.lease_id, self.kind, VisitState.PROPOSED)
            visit.causes.append(self.because)
            visit.proposed_on = self.proposed_on
            file.visits[self.visit_id] = visit
            file.heard.add(self.because)

    class VisitCauseAdded(Event):
        TOPIC = "followup.visit-cause-added"
        visit_id: UUID
        because: str

        def apply(self, file: "ArrearsVisits") -> None:
            file.visits[self.visit_id].causes.append(self.because)
            file.heard.add(self.because)

    def propose_arrears_visit(self, visit_id: UUID, lease_id: UUID, because: str, on: date) -> None:
        """Propose an arrears visit, or join the one that is open (BR-14).

        Records: VisitProposed or VisitCauseAdded; nothing for a cause known already.
        """
        if because in self.heard:
            return
        already = self._open_arrears_visit() or self._arrears_visit_after_end(lease_id)
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

    def _arrears_visit_after_end(self, lease_id: UUID) -> Visit | None:
        """The one that an end of the lease withdrew: which of the two came first says nothing."""
        for visit in self.visits.values():
            if (visit.kind, visit.lease_id) == (VisitKind.ARREARS, lease_id) and (
                visit.state is VisitState.WITHDRAWN and visit.withdrawn_why == LEASE_ENDED
            ):
                return visit
        return None

    class VisitCauseDropped(Event):
        TOPIC = "followup.visit-cause-dropped"
        visit_id: UUID
        because: str

        def apply(self, file: "ArrearsVisits") -> None:
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

    class ArrearsClearedKnown(Event):
        TOPIC = "followup.arrears-cleared-known"
        lease_id: UUID
        because: str

        def apply(self, file: "ArrearsVisits") -> None:
            file.heard.add(self.because)

    def clear_arrears(self, lease_id: UUID, because: str, on: date) -> None:
        """Nothing is owed any more: a visit that was only proposed is not needed, unless it was
        for what was missed since.
        """
        if because in self.heard:
            return
        self.trigger_event(
            self.ArrearsClearedKnown, lease_id=lease_id, because=because, occurred_on=on
        )
        visit = self._open_arrears_visit()
        if visit is None or visit.state is not VisitState.PROPOSED:
            return
        if all(position_of(cause) < position_of(because) for cause in visit.causes):
            self.withdraw_visit(visit, on, "arrears-cleared")

    class PlanBreachKnown(Event):
        """Private: what arrears' fact says of a repayment plan."""

        TOPIC = "followup.plan-breach-known"
        plan_id: UUID
        because: str

        def apply(self, file: "ArrearsVisits") -> None:
            file.breaches[self.plan_id] = self.because

    def plan_breached(
        self, plan_id: UUID, visit_id: UUID, lease_id: UUID, because: str, on: date
    ) -> None:
        """A plan fell behind: somebody goes and asks why, once a breach.

        Records: VisitProposed or VisitCauseAdded.
        """
        if because in self.heard or plan_id in self.breaches:
            return
        self.trigger_event(self.PlanBreachKnown, plan_id=plan_id, because=because, occurred_on=on)
        self.propose_arrears_visit(visit_id, lease_id, because, on)

    class PlanBreachEnded(Event):
        """Private: the plan is kept again, or it has ended."""

        TOPIC = "followup.plan-breach-ended"
        plan_id: UUID

        def apply(self, file: "ArrearsVisits") -> None:
            del file.breaches[self.plan_id]

    def plan_kept(self, plan_id: UUID, told: str, on: date) -> None:
        """The breach is over, if it came before the fact that was `told`: it is no cause any more.

        Records: as `drop_cause`.
        """
        because = self.breaches.get(plan_id)
        if because is not None and position_of(because) < position_of(told):
            self.trigger_event(self.PlanBreachEnded, plan_id=plan_id, occurred_on=on)
            self.drop_cause(because, on)
