"""What follow-up does when it hears of a lease, a welcome, an end, a missed payment.

Every reaction is idempotent: what it would do is known by a deterministic id or by its cause.
"""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from contracts.arrears import ArrearsCleared, PaymentMissed
from contracts.followup import VisitKind
from contracts.intake import EndReason, LeaseEnded, LeaseSigned, TenantWelcomed
from contracts.repayment_plans import (
    RepaymentPlanBreached,
    RepaymentPlanCancelled,
    RepaymentPlanCompleted,
    RepaymentPlanHealed,
)
from contracts.words import Origin
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.clock import day_of
from services.chassis.received import Received
from services.followup.household_file import HouseholdFile
from services.followup.household_visits import LEASE_ENDED
from services.followup.policy import first_year_visits
from services.followup.visit import Visit, VisitState

if TYPE_CHECKING:
    from services.followup.service import Followup

FIRST_YEAR = {VisitKind.M1, VisitKind.M6, VisitKind.M12}


def file_of(act: Act, household_id: UUID, on: date) -> HouseholdFile:
    return act.find(HouseholdFile, household_id) or HouseholdFile.open_file(household_id, on)


def on_lease_signed(followup: "Followup", act: Act, fact: Received) -> None:
    """Plan the first-year visits; a correction moves them, a withdrawal withdraws them."""
    lease: LeaseSigned = fact.data
    known_on = day_of(fact.envelope.recorded_at)
    file = file_of(act, lease.household_id, known_on)
    if fact.envelope.withdrawn:
        _forget_lease(file, lease.lease_id, known_on)
    else:
        _know_lease(file, lease, fact)
        if lease.transfer_of is None:
            _plan_first_year(followup, file, lease, fact, known_on)
    act.save(file)


def _know_lease(file: HouseholdFile, lease: LeaseSigned, fact: Received) -> None:
    if fact.envelope.id in file.heard:
        return
    file.trigger_event(
        HouseholdFile.LeaseKnown,
        lease_id=lease.lease_id,
        reference=lease.reference,
        dwelling_reference=lease.dwelling_reference,
        start_on=lease.start_on,
        leaseholders=[holder.model_dump(exclude_none=True) for holder in lease.leaseholders],
        transferred=lease.transfer_of is not None,
        because=fact.envelope.id,
        occurred_on=lease.start_on,
    )


def _plan_first_year(
    followup: "Followup",
    file: HouseholdFile,
    lease: LeaseSigned,
    fact: Received,
    known_on: date,
) -> None:
    for kind, day in first_year_visits(lease.start_on).items():
        visit_id = natural_id(followup.company.slug, "visit", f"{lease.lease_id}/{kind}")
        visit = file.visits.get(visit_id)
        if visit is None:
            # Stock taken over is not news: no task is opened whose day has passed.
            if lease.origin is Origin.RECORDED or day >= known_on:
                file.plan_visit(visit_id, lease.lease_id, kind, day, known_on, fact.envelope.id)
        elif visit.state is VisitState.PLANNED and fact.envelope.corrects:
            file.correct_plan(visit, day, known_on, fact.envelope.id)


def _forget_lease(file: HouseholdFile, lease_id: UUID, on: date) -> None:
    if lease_id not in file.leases:
        return
    for visit in visits_of(file, lease_id):
        if visit.state is VisitState.PLANNED and visit.planned_version is not None:
            file.withdraw_plan(visit, on)
        else:
            file.withdraw_visit(visit, on, "lease-withdrawn")
    file.trigger_event(HouseholdFile.LeaseForgotten, lease_id=lease_id, occurred_on=on)


def visits_of(file: HouseholdFile, lease_id: UUID) -> list[Visit]:
    return [visit for visit in file.visits.values() if visit.lease_id == lease_id]


def on_tenant_welcomed(followup: "Followup", act: Act, fact: Received) -> None:
    """Only remembered, for the household's history."""
    welcome: TenantWelcomed = fact.data
    file = file_of(act, welcome.household_id, welcome.held_on)
    if fact.envelope.id not in file.heard:
        file.trigger_event(
            HouseholdFile.WelcomeKnown,
            lease_id=welcome.lease_id,
            held_on=None if fact.envelope.withdrawn else welcome.held_on,
            because=fact.envelope.id,
            occurred_on=welcome.held_on,
        )
    act.save(file)


def on_lease_ended(followup: "Followup", act: Act, fact: Received) -> None:
    """Withdraw the visits planned after the end; a death closes support that is open.

    If the end was a mistake, both are restored.
    """
    end: LeaseEnded = fact.data
    file = file_of(act, end.household_id, end.ended_on)
    because = fact.envelope.id
    if because in file.heard:
        return
    if fact.envelope.withdrawn:
        file.trigger_event(
            HouseholdFile.LeaseEndForgotten,
            lease_id=end.lease_id,
            because=because,
            occurred_on=end.ended_on,
        )
        for visit in visits_of(file, end.lease_id):
            if visit.state is VisitState.WITHDRAWN and visit.withdrawn_why == LEASE_ENDED:
                file.restore_visit(visit)
        file.reopen_after(str(fact.envelope.corrects))
    elif file.ended.get(end.lease_id) != end.ended_on:
        file.trigger_event(
            HouseholdFile.LeaseEndKnown,
            lease_id=end.lease_id,
            ended_on=end.ended_on,
            reason=end.reason.value,
            because=because,
            occurred_on=end.ended_on,
        )
        _withdraw_after_end(file, end.lease_id)
        if end.reason is EndReason.DEATH:
            file.end_support_by_death(end.ended_on, because)
    act.save(file)


def _withdraw_after_end(file: HouseholdFile, lease_id: UUID) -> None:
    ended_on = file.ended.get(lease_id)
    if ended_on is not None:
        for visit in visits_of(file, lease_id):
            if visit.is_after(ended_on):
                file.withdraw_visit(visit, ended_on, LEASE_ENDED)


def on_payment_missed(followup: "Followup", act: Act, fact: Received) -> None:
    """Propose an arrears visit or join the open one; a withdrawal drops the cause.

    After the end of the lease nobody is there to visit, whichever of the two facts came first.
    """
    missed: PaymentMissed = fact.data
    on = day_of(fact.envelope.recorded_at)
    file = file_of(act, missed.household_id, on)
    if fact.envelope.withdrawn:
        file.drop_cause(str(fact.envelope.corrects), on)
    elif fact.envelope.corrects is None:
        because = fact.envelope.id
        visit_id = natural_id(followup.company.slug, "visit", because)
        file.propose_arrears_visit(visit_id, missed.lease_id, because, on)
        _withdraw_after_end(file, missed.lease_id)
    act.save(file)


def on_arrears_cleared(followup: "Followup", act: Act, fact: Received) -> None:
    """A visit that was only proposed is withdrawn: nothing is owed any more."""
    cleared: ArrearsCleared = fact.data
    if not fact.envelope.withdrawn:
        file = file_of(act, cleared.household_id, cleared.cleared_on)
        known_on = day_of(fact.envelope.recorded_at)
        file.clear_arrears(cleared.lease_id, fact.envelope.id, known_on)
        act.save(file)


def on_repayment_plan_breached(followup: "Followup", act: Act, fact: Received) -> None:
    """Propose an arrears visit or join the open one; once a breach, however far it goes."""
    breached: RepaymentPlanBreached = fact.data
    on = day_of(fact.envelope.recorded_at)
    file = file_of(act, breached.household_id, on)
    because = fact.envelope.id
    visit_id = natural_id(followup.company.slug, "visit", because)
    file.plan_breached(breached.plan_id, visit_id, breached.lease_id, because, on)
    _withdraw_after_end(file, breached.lease_id)
    act.save(file)


def on_repayment_plan_healed(followup: "Followup", act: Act, fact: Received) -> None:
    """The breach is no cause any more."""
    _end_breach(act, fact)


def on_repayment_plan_completed(followup: "Followup", act: Act, fact: Received) -> None:
    """Nothing is owed any more: a breach is no cause."""
    _end_breach(act, fact)


def on_repayment_plan_cancelled(followup: "Followup", act: Act, fact: Received) -> None:
    """The plan is no more, nor its breach; a broken one stays a cause."""
    _end_breach(act, fact)


def _end_breach(act: Act, fact: Received) -> None:
    on = day_of(fact.envelope.recorded_at)
    file = file_of(act, fact.data.household_id, on)
    file.plan_kept(fact.data.plan_id, fact.envelope.id, on)
    act.save(file)


REACTIONS = {
    LeaseSigned.TYPE: on_lease_signed,
    TenantWelcomed.TYPE: on_tenant_welcomed,
    LeaseEnded.TYPE: on_lease_ended,
    PaymentMissed.TYPE: on_payment_missed,
    ArrearsCleared.TYPE: on_arrears_cleared,
    RepaymentPlanBreached.TYPE: on_repayment_plan_breached,
    RepaymentPlanHealed.TYPE: on_repayment_plan_healed,
    RepaymentPlanCompleted.TYPE: on_repayment_plan_completed,
    RepaymentPlanCancelled.TYPE: on_repayment_plan_cancelled,
}
