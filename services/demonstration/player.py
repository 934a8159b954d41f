"""Playing a company day by day through the doors of its services, and nothing past them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from services.demonstration.arrears_visits import (
    Missed,
    OpenArrearsVisit,
    Planned,
    Recorded,
    decide,
)
from services.demonstration.company import DemonstrationCompany
from services.demonstration.court import CourtCase
from services.demonstration.court import decide as decide_in_court
from services.demonstration.steps import (
    AdoptPolicy,
    AssignUnmatched,
    CorrectLease,
    Day,
    EndLease,
    HandleArrearsVisits,
    HandleCourt,
    HandleSupport,
    HandleWorkList,
    HoldWelcome,
    ImportFile,
    MissVisit,
    RecordVisit,
    ResumeLetting,
    SignLease,
    Step,
    SuspendLetting,
    Transfer,
    WithdrawLease,
)
from services.demonstration.support import (
    Agreed,
    AgreementWithdrawn,
    Closed,
    HouseholdSeen,
    Late,
    Period,
    agree,
    end,
    may_be_asked,
)
from services.demonstration.work_list import (
    AgreePlan,
    PauseCase,
    ProposedStep,
    ResumeCase,
    SetAside,
    TakeStep,
)
from services.demonstration.work_list import decide as decide_step


class Doors(Protocol):
    """What the player may do to the services.

    Facts: `key` names the act, the same whenever the same company is played: an act that was done
           already under its key succeeds and does nothing.
    """

    def begin_day(self, day: date) -> None:
        """Let it be 08:00 of the day."""

    def end_day(self, day: date) -> None:
        """Wait until every service has heard everything, then let it be the next morning."""

    def import_file(self, key: str, step: ImportFile) -> None: ...

    def sign_lease(self, key: str, step: SignLease) -> None: ...

    def transfer(self, key: str, step: Transfer) -> None: ...

    def correct_lease(self, key: str, step: CorrectLease) -> None: ...

    def end_lease(self, key: str, step: EndLease) -> None: ...

    def withdraw_lease(self, key: str, step: WithdrawLease) -> None: ...

    def suspend_letting(self, key: str, step: SuspendLetting) -> None: ...

    def resume_letting(self, key: str, step: ResumeLetting) -> None: ...

    def hold_welcome(self, key: str, step: HoldWelcome) -> None: ...

    def record_visit(self, key: str, step: RecordVisit) -> None: ...

    def miss_visit(self, key: str, step: MissVisit) -> None: ...

    def assign_unmatched(self, key: str, step: AssignUnmatched) -> None: ...

    def adopt_policy(self, key: str, step: AdoptPolicy) -> None: ...

    def work_list(self) -> Sequence[ProposedStep]:
        """The steps that policy proposes, in any order."""

    def take_steps(self, key: str, step: str, cases: Sequence[ProposedStep]) -> None:
        """Take one step for several households."""

    def send_letters(self, key: str) -> None:
        """Read and release the drafts, and print every letter that waits, as one batch."""

    def agree_plan(self, key: str, case: ProposedStep, plan: AgreePlan) -> None: ...

    def set_aside(self, key: str, case: ProposedStep) -> None: ...

    def pause_case(self, key: str, case: ProposedStep, pause: PauseCase) -> None: ...

    def resume_case(self, key: str, case: ProposedStep) -> None: ...

    def file_petition(self, key: str, case: ProposedStep, filed_on: date) -> None: ...

    def cases_before_court(self) -> Sequence[CourtCase]:
        """Every case that went to court, in any order."""

    def note_legal_act(self, key: str, lease_id: UUID, act: dict[str, Any]) -> None:
        """Note it; an eviction that a rule stands against is let be."""

    def open_arrears_visits(self) -> Sequence[OpenArrearsVisit]:
        """The arrears visits that are proposed or planned, in any order."""

    def plan_arrears_visit(self, key: str, visit: OpenArrearsVisit, plan: Planned) -> None: ...

    def record_arrears_visit(self, key: str, visit: OpenArrearsVisit, made: Recorded) -> None: ...

    def miss_arrears_visit(self, key: str, visit: OpenArrearsVisit, missed: Missed) -> None: ...

    def support_periods(self) -> Sequence[Period]:
        """The periods of support that are not closed, in any order."""

    def three_months_late(self) -> Sequence[Late]:
        """The leases in force that owe three months or more, in any order."""

    def household_seen(self, late: Late) -> HouseholdSeen: ...

    def open_support(self, key: str, late: Late, agreed: Agreed) -> None: ...

    def close_support(self, key: str, period: Period, closed: Closed) -> None: ...

    def withdraw_agreement(
        self, key: str, period: Period, withdrawn: AgreementWithdrawn
    ) -> None: ...


def play(
    company: DemonstrationCompany,
    doors: Doors,
    on_progress: Callable[[date], None] | None = None,
    start: date | None = None,
    on_worked: Callable[[date], None] | None = None,
    worked: bool = False,
) -> None:
    """Play every day from `start` (the first one unless told) to the last; tell each that ended.

    Facts: to go on after a stop, start on the day after the last one that ended; a day that had
           begun is then done again under the same keys. A day without steps is only ended.
           `on_worked` is told of a day whose steps are done, before any clock passes its midnight:
           `worked` says so of `start`, which is then only ended, for no clock goes back to it.
    """
    for page in company.days():
        if start is not None and page.day < start:
            continue
        if not (worked and page.day == start):
            _work(company, doors, page)
            if on_worked is not None:
                on_worked(page.day)
        doors.end_day(page.day)
        if on_progress is not None:
            on_progress(page.day)


def _work(company: DemonstrationCompany, doors: Doors, page: Day) -> None:
    if page.steps:
        doors.begin_day(page.day)
    for order, step in enumerate(page.steps, 1):
        key = f"play-{company.parameters.seed}-{page.day.isoformat()}-{order}"
        if isinstance(step, HandleArrearsVisits):
            _handle_arrears_visits(doors, key, step, page.day)
        elif isinstance(step, HandleWorkList):
            _handle_work_list(doors, key, step, page.day)
        elif isinstance(step, HandleCourt):
            _handle_court(doors, key, step, page.day)
        elif isinstance(step, HandleSupport):
            _handle_support(doors, key, step, page.day)
        else:
            _do(doors, key, step)


def _do(doors: Doors, key: str, step: Step) -> None:
    match step:
        case ImportFile():
            doors.import_file(key, step)
        case SignLease():
            doors.sign_lease(key, step)
        case Transfer():
            doors.transfer(key, step)
        case CorrectLease():
            doors.correct_lease(key, step)
        case EndLease():
            doors.end_lease(key, step)
        case WithdrawLease():
            doors.withdraw_lease(key, step)
        case SuspendLetting():
            doors.suspend_letting(key, step)
        case ResumeLetting():
            doors.resume_letting(key, step)
        case HoldWelcome():
            doors.hold_welcome(key, step)
        case RecordVisit():
            doors.record_visit(key, step)
        case MissVisit():
            doors.miss_visit(key, step)
        case AssignUnmatched():
            doors.assign_unmatched(key, step)
        case AdoptPolicy():
            doors.adopt_policy(key, step)


def _handle_arrears_visits(doors: Doors, key: str, step: HandleArrearsVisits, day: date) -> None:
    visits = sorted(doors.open_arrears_visits(), key=lambda v: (v.lease_reference, v.visit_id))
    for visit in visits:
        of_visit = f"{key}-{visit.visit_id}"
        match decide(step, day, visit):
            case Planned() as plan:
                doors.plan_arrears_visit(of_visit, visit, plan)
            case Recorded() as made:
                doors.record_arrears_visit(of_visit, visit, made)
            case Missed() as missed:
                doors.miss_arrears_visit(of_visit, visit, missed)


def _handle_work_list(doors: Doors, key: str, step: HandleWorkList, day: date) -> None:
    together: dict[str, list[ProposedStep]] = {}
    for found in sorted(doors.work_list(), key=lambda c: (c.step, c.lease_reference, c.lease_id)):
        of_case = f"{key}-{found.lease_id}"
        match decide_step(step, day, found):
            case TakeStep() if found.means == "petition" and found.owed_cents > 0:
                doors.file_petition(of_case, found, day)
            case TakeStep():
                together.setdefault(found.step, []).append(found)
            case AgreePlan() as plan:
                doors.agree_plan(of_case, found, plan)
            case SetAside():
                doors.set_aside(of_case, found)
            case PauseCase() as pause:
                doors.pause_case(of_case, found, pause)
            case ResumeCase():
                doors.resume_case(of_case, found)
    for name, cases in together.items():
        doors.take_steps(f"{key}-{name}", name, cases)
    doors.send_letters(key)


def _handle_court(doors: Doors, key: str, step: HandleCourt, day: date) -> None:
    for case in sorted(doors.cases_before_court(), key=lambda c: (c.lease_reference, c.lease_id)):
        for act in decide_in_court(step.seed, day, case):
            doors.note_legal_act(f"{key}-{case.lease_id}-{act['act']}", case.lease_id, act)


def _handle_support(doors: Doors, key: str, step: HandleSupport, day: date) -> None:
    """Who has a period, or had one until now, is not asked: a day played again ends the same."""
    periods = sorted(doors.support_periods(), key=lambda p: (p.lease_reference, p.period_id))
    supported = {period.household_id for period in periods}
    for period in periods:
        of_period = f"{key}-{period.period_id}"
        match end(step.seed, day, period):
            case Closed() as closed:
                doors.close_support(of_period, period, closed)
            case AgreementWithdrawn() as withdrawn:
                doors.withdraw_agreement(of_period, period, withdrawn)
    for late in sorted(doors.three_months_late(), key=lambda c: (c.lease_reference, c.lease_id)):
        agreed = None if late.household_id in supported else agree(step.seed, day, late)
        if agreed is not None and may_be_asked(doors.household_seen(late), day):
            supported.add(late.household_id)
            doors.open_support(f"{key}-{late.lease_id}", late, agreed)
