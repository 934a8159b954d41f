"""What a household answered to budget guidance, and a danger to safety: both bear on a moratorium.

Part of a household's case; of an answer the last one recorded counts.
"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from dateutil.relativedelta import relativedelta

from services.arrears.casework.case_plans import CasePlans, line
from services.arrears.ladder.case import Done
from services.chassis.aggregate import Event
from services.chassis.refusal import Malformed

AHEAD_AT_MOST = relativedelta(years=2)
"""Until an appointed day nothing is proposed: a slip of the pen would do so for ever."""


class LegalDayNotPossible(Malformed):
    slug = "legal-day-not-possible"
    title = "Jour impossible"


class Entry(Event):
    """What is noted of the legal path. Each can be told again without others before it."""

    TOPIC: ClassVar[str]

    def apply(self, case: "Guidance") -> None:
        case.entries[self.originator_version] = self
        self.tell(case)

    def tell(self, case: Any) -> None:
        """What it means; nothing, unless its kind says so."""


class Guidance(CasePlans):
    """See the module; `ArrearsCase` is the whole. `entries`: by the version of their event."""

    entries: dict[int, Entry]

    class BudgetGuidanceAccepted(Entry):
        TOPIC = "arrears.budget-guidance-accepted"
        lease_id: UUID
        household_id: UUID
        answered_on: date
        noted_on: date

        def tell(self, case: "Guidance") -> None:
            case.lines.pop("budget-guidance-refused", None)
            note_done(case, "budget-guidance-accepted", self.answered_on, self.noted_on)

    class BudgetGuidanceRefused(Entry):
        TOPIC = "arrears.budget-guidance-refused"
        lease_id: UUID
        household_id: UUID
        answered_on: date
        noted_on: date

        def tell(self, case: "Guidance") -> None:
            case.lines.pop("budget-guidance-accepted", None)
            note_done(case, "budget-guidance-refused", self.answered_on, self.noted_on)

    def answer_guidance(self, *, accepted: bool, on: date, today: date) -> None:
        """Records: BudgetGuidanceAccepted or -Refused.   Refuses: LegalDayNotPossible (422)."""
        refuse_ahead("answered_on", on, today)
        kind = self.BudgetGuidanceAccepted if accepted else self.BudgetGuidanceRefused
        self._trigger(kind, on, answered_on=on, noted_on=today)

    class SafetyExceptionRecorded(Entry):
        TOPIC = "arrears.safety-exception-recorded"
        lease_id: UUID
        household_id: UUID
        established_on: date
        noted_on: date

        def tell(self, case: "Guidance") -> None:
            note_done(case, "safety-exception", self.established_on, self.noted_on)

    def record_safety_exception(self, on: date, today: date) -> None:
        """Records: SafetyExceptionRecorded.   Refuses: LegalDayNotPossible (422)."""
        refuse_ahead("established_on", on, today)
        self._trigger(self.SafetyExceptionRecorded, on, established_on=on, noted_on=today)


def note_done(case: CasePlans, kind: str, on: date, noted_on: date) -> None:
    """Something that policy may ask for as a step, with the day on which it was noted."""
    case.lines[kind] = line(
        Done, what="step", kind=kind, on=on, recorded_on=noted_on if noted_on > on else None
    )


def refuse_ahead(field: str, day: date, today: date) -> None:
    """Refuses: LegalDayNotPossible (422)."""
    if day > today:
        raise day_not_possible(field, "Ce jour n'est pas encore passé : notez-le quand il l'est.")


def refuse_far_ahead(field: str, day: date, today: date) -> None:
    """Refuses: LegalDayNotPossible (422)."""
    if day > today + AHEAD_AT_MOST:
        raise day_not_possible(field, "Ce jour tombe dans les deux ans\u00a0: vérifiez l'année.")


def day_not_possible(field: str, detail: str) -> LegalDayNotPossible:
    return LegalDayNotPossible(detail, [{"field": field, "reason": detail}])
