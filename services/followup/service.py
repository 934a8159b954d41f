"""Follow-up: one method a command; each loads, tells and saves in one act.

What is done with periods of support stands in `supporting.py`.
"""

from datetime import date
from uuid import UUID

from contracts.followup import AbsenceReason, VisitKind, VisitPlace, VisitResult
from services.chassis.act import Act
from services.chassis.caller import Caller, Receipt
from services.chassis.day_book import close_days
from services.chassis.service import Service
from services.followup import open_support_periods, visits_to_make
from services.followup.household_file import HouseholdFile
from services.followup.household_visits import PLANNED_BY_MISTAKE
from services.followup.publishing import PUBLICATIONS
from services.followup.reactions import REACTIONS, file_of
from services.followup.visit import VisitDayNotPossible


class Followup(Service):
    name = "followup"
    publications = PUBLICATIONS
    reactions = REACTIONS
    folds = (visits_to_make.fold, open_support_periods.fold)

    def plan_visit(
        self,
        caller: Caller,
        household_id: UUID,
        visit_id: UUID,
        lease_id: UUID,
        kind: VisitKind,
        planned_on: date,
    ) -> Receipt:
        """Plan a visit, also for a lease that intake's fact has not brought yet.

        Records: HouseholdFile.VisitPlanned.   Refuses: see `HouseholdFile.plan_visit`;
        UnknownVisit (404) for another household's; VisitAlreadyPlanned (409).
        """

        def decide(act: Act) -> UUID:
            file = file_of(act, household_id, act.today)
            file.refuse_if_stale(caller.expected_version)
            known = file.visits.get(visit_id)
            if known is None:
                visits_to_make.refuse_anothers(act, household_id, visit_id)
                file.refuse_planned_twice(lease_id, kind, planned_on)
            unchanged = known is not None and known.planned_on == planned_on
            if planned_on < act.today and not unchanged:
                raise VisitDayNotPossible(
                    "planned_on", "Une visite se prévoit aujourd'hui ou plus tard."
                )
            lease, what = (known.lease_id, known.kind) if known else (lease_id, kind)
            file.plan_visit(visit_id, lease, what, planned_on, act.today)
            return act.save(file)

        return self.perform(caller, decide)

    def record_visit(
        self,
        caller: Caller,
        household_id: UUID,
        visit_id: UUID,
        lease_id: UUID,
        kind: VisitKind,
        done_on: date,
        place: VisitPlace,
        performed_by: str,
        result: VisitResult,
    ) -> Receipt:
        """Record a visit that was made, planned or not.

        Records: HouseholdFile.VisitRecorded.   Refuses: see `HouseholdFile.record_visit`;
        UnknownVisit (404) for another household's.
        """

        def decide(act: Act) -> UUID:
            file = file_of(act, household_id, act.today)
            file.refuse_if_stale(caller.expected_version)
            known = file.visits.get(visit_id)
            if known is None:
                visits_to_make.refuse_anothers(act, household_id, visit_id)
            lease, what = (known.lease_id, known.kind) if known else (lease_id, kind)
            file.refuse_long_before(lease, "done_on", done_on)
            file.record_visit(
                visit_id,
                lease,
                what,
                done_on=done_on,
                place=place,
                performed_by=performed_by,
                result=result,
                today=act.today,
            )
            return act.save(file)

        return self.perform(caller, decide)

    def correct_visit(
        self,
        caller: Caller,
        household_id: UUID,
        visit_id: UUID,
        done_on: date,
        place: VisitPlace,
        performed_by: str,
        result: VisitResult,
    ) -> Receipt:
        """Replace what was recorded of a visit.   Records: HouseholdFile.VisitRecordCorrected, or
        nothing where nothing differs.

        Refuses: VisitNotRecorded (409), VisitDayNotPossible (422).
        """
        made = {"done_on": done_on, "place": place, "performed_by": performed_by, "result": result}

        def decide(act: Act) -> UUID:
            file = act.load(HouseholdFile, household_id)
            file.refuse_if_stale(caller.expected_version)
            visit = file.visit(visit_id)
            visit.refuse_unless_recorded()
            if done_on > act.today:
                raise VisitDayNotPossible("done_on", "Cette date n'est pas encore passée.")
            file.refuse_long_before(visit.lease_id, "done_on", done_on)
            if made != visit.made:
                file.amend_record(visit, HouseholdFile.VisitRecordCorrected, made)
            return act.save(file)

        return self.perform(caller, decide)

    def withdraw_visit(self, caller: Caller, household_id: UUID, visit_id: UUID) -> Receipt:
        """The visit was not made after all, or a person planned it by mistake.

        Records: HouseholdFile.VisitRecordWithdrawn, or VisitWithdrawn of what was only planned.
        Refuses: VisitNotRecorded (409) where policy or a missed payment asks for the visit.
        """

        def decide(act: Act) -> UUID:
            file = act.load(HouseholdFile, household_id)
            file.refuse_if_stale(caller.expected_version)
            visit = file.visit(visit_id)
            if visit.may_be_cancelled:
                file.withdraw_visit(visit, act.today, PLANNED_BY_MISTAKE)
            else:
                visit.refuse_unless_recorded()
                file.amend_record(visit, HouseholdFile.VisitRecordWithdrawn, visit.made)
            return act.save(file)

        return self.perform(caller, decide)

    def miss_visit(
        self,
        caller: Caller,
        household_id: UUID,
        visit_id: UUID,
        missed_on: date,
        reason: AbsenceReason,
    ) -> Receipt:
        """Records: HouseholdFile.VisitMissed.   Refuses: see `HouseholdFile.miss_visit`."""

        def decide(act: Act) -> UUID:
            file = act.load(HouseholdFile, household_id)
            file.refuse_if_stale(caller.expected_version)
            file.miss_visit(visit_id, missed_on, reason, act.today)
            return act.save(file)

        return self.perform(caller, decide)

    def tick(self) -> None:
        self.perform(Caller(actor="timer:followup"), close_days)
