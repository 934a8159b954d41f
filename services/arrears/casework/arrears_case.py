"""A household in arrears: what policy proposed, what was done, why not, and its repayment plans.

Its id is made from the lease's. Its `lines` are those that policy judges by, beside the account's.
"""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.arrears_cases import Circumstance, OverrideReason, PauseReason
from services.arrears.casework.case_plans import line
from services.arrears.casework.contacts import Contacts
from services.arrears.casework.data_transfer import DataTransfer
from services.arrears.ladder.case import Done, Pause, Turn
from services.arrears.legal.striking_out import StrikingOut
from services.chassis.aggregate import Event, Opening, natural_id
from services.chassis.refusal import Malformed, Refusal


class NothingIsProposed(Refusal):
    slug = "nothing-is-proposed"
    title = "Rien n'est proposé"


class ReviewDayNotPossible(Malformed):
    slug = "review-day-not-possible"
    title = "Jour de révision impossible"


class CaseIsNotPaused(Refusal):
    slug = "case-is-not-paused"
    title = "Dossier non suspendu"


class StepNotTaken(Refusal):
    status = 404
    slug = "step-not-taken"
    title = "Étape non prise"


class ArrearsCase(StrikingOut, DataTransfer, Contacts):
    """See the module."""

    TOPIC = "arrears.arrears-case"
    proposed: "ArrearsCase.StepProposed | None"
    overridden: bool
    taken: "dict[UUID, ArrearsCase.StepTaken]"
    review_on: date | None
    fees_cents: int

    class Opened(Opening):
        TOPIC = "arrears.arrears-case-opened"
        lease_id: UUID
        household_id: UUID

        def apply(self, case: "ArrearsCase") -> None:
            case.lease_id, case.household_id = self.lease_id, self.household_id
            case.proposed, case.overridden = None, False
            case.taken, case.review_on, case.fees_cents = {}, None, 0
            case.lines, case.plans, case.watched_until = {}, {}, date.min
            case.begin_legal_path()
            case.blocks = []
            case.begin_data_transfer()
            case.begin_contacts()

    @classmethod
    def id_of(cls, company: str, lease_id: UUID) -> UUID:
        return natural_id(company, "arrears-case", str(lease_id))

    @classmethod
    def open_case(cls, company: str, lease_id: UUID, household_id: UUID, on: date) -> "ArrearsCase":
        opened: ArrearsCase = cls.open(
            cls.Opened,
            cls.id_of(company, lease_id),
            lease_id=lease_id,
            household_id=household_id,
            occurred_on=on,
        )
        return opened

    class StepProposed(Event):
        TOPIC = "arrears.step-proposed"
        lease_id: UUID
        household_id: UUID
        step: str | None
        rule: str | None
        also_matching: list[str]
        policy: str
        policy_version: str
        proposed_on: date
        balance_cents: int
        rests_on: int

        def apply(self, case: "ArrearsCase") -> None:
            case.proposed, case.overridden = self, False

    def propose(self, on: date, **proposal: Any) -> bool:
        """Record what policy proposes, if that is another step, rule or policy than last time.

        Records: StepProposed.
        """
        names = ("step", "rule", "policy", "policy_version")
        before = [getattr(self.proposed, name) for name in names] if self.proposed else None
        if before == [proposal[name] for name in names]:
            return False
        waiting = self.proposed is not None and self.proposed.step is not None
        if proposal["step"] is None and not waiting:
            return False
        self._trigger(self.StepProposed, on, proposed_on=on, **proposal)
        return True

    class StepTaken(Event):
        TOPIC = "arrears.step-taken"
        lease_id: UUID
        household_id: UUID
        step_id: UUID
        step: str
        means: str | None
        is_message: bool
        taken_on: date
        balance_cents: int
        fee_cents: int
        policy: str
        policy_version: str
        proposed: bool
        noted_on: date | None

        def apply(self, case: "ArrearsCase") -> None:
            case.taken[self.step_id] = self
            case.fees_cents += self.fee_cents
            case.lines[str(self.step_id)] = line(
                Done,
                what="message" if self.is_message else "step",
                kind=self.step,
                on=self.taken_on,
                recorded_on=self.noted_on,
            )

    def take_step(self, on: date, today: date, **taken: Any) -> None:
        """A step was taken or its message sent.   Records: StepTaken."""
        noted_on = today if today > on else None
        self._trigger(self.StepTaken, on, taken_on=on, noted_on=noted_on, **taken)

    class StepWithdrawn(StepTaken):
        TOPIC = "arrears.step-withdrawn"
        corrects_version: int

        def apply(self, case: "ArrearsCase") -> None:
            del case.taken[self.step_id]
            case.fees_cents -= self.fee_cents
            del case.lines[str(self.step_id)]

    def withdraw_step(self, step_id: UUID) -> None:
        """It was noted by mistake.   Records: StepWithdrawn.   Refuses: StepNotTaken (404)."""
        taken = self.taken.get(step_id)
        if taken is None:
            raise StepNotTaken("Cette étape n'est pas, ou plus, dans ce dossier.")
        said = {name: value for name, value in vars(taken).items() if name not in _UNSAID}
        self._trigger(
            self.StepWithdrawn,
            taken.taken_on,
            corrects_version=taken.originator_version,
            **said,
        )

    class StepStopped(Event):
        TOPIC = "arrears.step-stopped"
        lease_id: UUID
        household_id: UUID
        step: str
        stopped_on: date
        reasons: list[str]
        balance_cents: int
        policy: str
        policy_version: str

        def apply(self, case: "ArrearsCase") -> None:
            """Only told: nothing was sent."""

    def stop_step(self, on: date, **stopped: Any) -> None:
        """It was judged again and something stopped it.   Records: StepStopped."""
        self._trigger(self.StepStopped, on, stopped_on=on, **stopped)

    class ProposalOverridden(Event):
        TOPIC = "arrears.proposal-overridden"
        lease_id: UUID
        household_id: UUID
        step: str
        reason: OverrideReason
        overridden_on: date

        def apply(self, case: "ArrearsCase") -> None:
            case.overridden = True

    def override(self, reason: OverrideReason, on: date) -> None:
        """A person decides otherwise.   Records: ProposalOverridden.   Refuses: NothingIsProposed
        (409).
        """
        if self.proposed is None or self.proposed.step is None or self.overridden:
            raise NothingIsProposed("Aucune étape n'est proposée pour ce dossier.")
        step = self.proposed.step
        self._trigger(self.ProposalOverridden, on, step=step, reason=reason, overridden_on=on)

    class CasePaused(Event):
        TOPIC = "arrears.case-paused"
        lease_id: UUID
        household_id: UUID
        reason: PauseReason
        paused_on: date
        review_on: date

        def apply(self, case: "ArrearsCase") -> None:
            case.review_on = self.review_on
            case.lines["pause"] = line(
                Pause,
                what="pause",
                reason=self.reason.value,
                on=self.paused_on,
                review_on=self.review_on,
            )

    def pause(self, reason: PauseReason, review_on: date, on: date) -> None:
        """Nothing is sent until somebody has looked again.

        Records: CasePaused.   Refuses: ReviewDayNotPossible (422) for a day that is not ahead.
        """
        if not on < review_on <= date(on.year + 1, on.month, min(on.day, 28)):
            detail = "Choisissez un jour à venir, dans l'année : ce jour-là, le dossier revient."
            raise ReviewDayNotPossible(detail, [{"field": "review_on", "reason": detail}])
        self._trigger(self.CasePaused, on, reason=reason, paused_on=on, review_on=review_on)

    class CaseResumed(Event):
        TOPIC = "arrears.case-resumed"
        lease_id: UUID
        household_id: UUID
        resumed_on: date

        def apply(self, case: "ArrearsCase") -> None:
            case.review_on = None
            _end(case, "pause", "pause-ended", self.resumed_on, self.originator_version)

    def resume(self, on: date) -> None:
        """Records: CaseResumed.   Refuses: CaseIsNotPaused (409)."""
        if self.review_on is None:
            raise CaseIsNotPaused("Ce dossier n'est pas suspendu.")
        self._trigger(self.CaseResumed, on, resumed_on=on)

    class CircumstanceRecorded(Event):
        TOPIC = "arrears.circumstance-recorded"
        lease_id: UUID
        household_id: UUID
        circumstance: Circumstance
        known_on: date

        def apply(self, case: "ArrearsCase") -> None:
            begun = _BEGUN.get(self.circumstance)
            if begun is None:
                case.lines[self.circumstance.value] = line(
                    Turn, what=self.circumstance.value, on=self.known_on
                )
            else:
                ended = self.circumstance.value
                _end(case, begun.value, ended, self.known_on, self.originator_version)

    def record_circumstance(self, circumstance: Circumstance, on: date) -> None:
        """Hardship or a dispute holds, or is over; what is so already records nothing.

        Records: CircumstanceRecorded.
        """
        begun = _BEGUN.get(circumstance)
        holds = (begun or circumstance).value in self.lines
        if holds != (begun is None):
            self._trigger(self.CircumstanceRecorded, on, circumstance=circumstance, known_on=on)


def _end(case: ArrearsCase, begun: str, ended: str, on: date, version: int) -> None:
    """What held is over, and keeps its days: a policy run over history asks for them."""
    if begun in case.lines:
        case.lines[f"{begun}/{version}"] = case.lines.pop(begun)
        case.lines[f"{ended}/{version}"] = line(Turn, what=ended, on=on)


_BEGUN = {
    Circumstance.HARDSHIP_ENDED: Circumstance.HARDSHIP,
    Circumstance.DISPUTE_SETTLED: Circumstance.DISPUTE,
}
_UNSAID = {
    "originator_id",
    "originator_version",
    "timestamp",
    "occurred_on",
    "lease_id",
    "household_id",
}
