"""What the player of a demonstration may do to the services, whatever stands behind the doors."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from services.demonstration.arrears_visits import (
    Missed,
    OpenArrearsVisit,
    Planned,
    Recorded,
)
from services.demonstration.court import CourtCase
from services.demonstration.steps import (
    AdoptPolicy,
    AssignUnmatched,
    CorrectLease,
    EndLease,
    HandleWriteOffs,
    HoldWelcome,
    ImportFile,
    MissVisit,
    RecordVisit,
    ResumeLetting,
    SignLease,
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
)
from services.demonstration.work_list import (
    AgreePlan,
    Call,
    PauseCase,
    ProposedStep,
)


class Doors(Protocol):
    """What the player may do to the services.

    Facts: `key` names the act, the same whenever the same company is played: an act that was done
           already under its key succeeds and does nothing.
    """

    def begin_day(self, day: date) -> None:
        """Let it be 08:00 of the day, wherever everything that was done before has been heard."""

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

    def note_call(self, key: str, case: ProposedStep, called: Call) -> None: ...

    def tell_social_service(self, key: str, case: ProposedStep, word: str) -> None:
        """Note the household's word on it, then tell, unless policy does not allow it yet."""

    def write_off(self, key: str, step: HandleWriteOffs) -> None: ...

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
