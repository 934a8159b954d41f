"""Playing a company day by day through the doors of its services, and nothing past them."""

from collections.abc import Callable
from datetime import date

from services.demonstration.arrears_visits import (
    Missed,
    Planned,
    Recorded,
    decide,
)
from services.demonstration.company import DemonstrationCompany
from services.demonstration.court import decide as decide_in_court
from services.demonstration.court import first_filed
from services.demonstration.doors import Doors
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
    HandleWriteOffs,
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
    AgreementWithdrawn,
    Closed,
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
    call,
    word_on_transfer,
)
from services.demonstration.work_list import decide as decide_step


def play(
    company: DemonstrationCompany,
    doors: Doors,
    on_progress: Callable[[date], None] | None = None,
    start: date | None = None,
) -> None:
    """Play every day from `start` (the first one unless told) to the last; tell each that is done.

    Facts: a day ends when the next one begins, one on which nobody does anything with it. To go on
           after a stop, start on the day after the last one that was told: no clock has passed the
           midnight before, and what of the day had been done is done again under the same keys.
    """
    for page in company.days():
        if start is not None and page.day < start:
            continue
        if page.steps:
            doors.begin_day(page.day)
            _work(company, doors, page)
        if on_progress is not None:
            on_progress(page.day)


def _work(company: DemonstrationCompany, doors: Doors, page: Day) -> None:
    for order, step in enumerate(page.steps, 1):
        key = f"play-{company.parameters.seed}-{page.day.isoformat()}-{order}"
        if isinstance(step, HandleArrearsVisits):
            _handle_arrears_visits(doors, key, step, page.day)
        elif isinstance(step, HandleWorkList):
            _handle_work_list(doors, key, step, page.day)
        elif isinstance(step, HandleCourt):
            _handle_court(doors, key, step, page.day)
        elif isinstance(step, HandleWriteOffs):
            doors.write_off(key, step)
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
        if called := call(step, day, found):
            doors.note_call(of_case, found, called)
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
    for found in (case for cases in together.values() for case in cases):
        word = word_on_transfer(step, found) if found.means == "guidance-proposed" else None
        if word is not None:
            doors.tell_social_service(f"{key}-{found.lease_id}", found, word)
    if step.prints:
        doors.send_letters(key)


def _handle_court(doors: Doors, key: str, step: HandleCourt, day: date) -> None:
    cases = sorted(doors.cases_before_court(), key=lambda c: (c.lease_reference, c.lease_id))
    first = first_filed(cases)
    for case in cases:
        for act in decide_in_court(step.seed, day, case, first=case.lease_id == first):
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
