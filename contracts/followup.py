"""Facts that follow-up publishes: visits."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from contracts.words import Fact, HouseholdId, LeaseId, VisitId


class VisitKind(StrEnum):
    """`m1`, `m6`, `m12`: first-year visits by the month after the start of the lease."""

    M1 = "m1"
    M6 = "m6"
    M12 = "m12"
    ARREARS = "arrears"
    COURTESY = "courtesy"
    CRISIS = "crisis"


class VisitPlace(StrEnum):
    """Where a visit was made."""

    HOME = "home"
    OFFICE = "office"
    PHONE = "phone"


class VisitResult(StrEnum):
    """What came out of a visit."""

    ALL_WELL = "all-well"
    ADVICE_GIVEN = "advice-given"
    FOLLOW_UP_NEEDED = "follow-up-needed"
    REFERRED = "referred"


class AbsenceReason(StrEnum):
    """Why a planned visit did not take place."""

    NOBODY_HOME = "nobody-home"
    CANCELLED_BY_HOUSEHOLD = "cancelled-by-household"
    REFUSED = "refused"


Officer = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")]
"""The code by which a company knows its officer; never a name."""


class VisitPlanned(Fact):
    """A visit is planned for a day. `because` names the fact that led to it, where one did."""

    TYPE: ClassVar[str] = "followup.visit-planned"
    visit_id: VisitId
    household_id: HouseholdId
    lease_id: LeaseId
    kind: VisitKind
    """Which visit of the first year it is, or what else it is for."""
    planned_on: date
    """The day on which it is to be made."""
    because: str | None = None
    """Id of the fact that led to it; absent when a person planned it."""


class VisitProposed(Fact):
    """A visit is proposed and waits for a person to plan it (an arrears visit)."""

    TYPE: ClassVar[str] = "followup.visit-proposed"
    visit_id: VisitId
    household_id: HouseholdId
    lease_id: LeaseId
    kind: VisitKind
    """Which visit of the first year it is, or what else it is for."""
    proposed_on: date
    """The day on which it was proposed."""
    because: str
    """Id of the fact that led to it."""


class VisitCauseAdded(Fact):
    """A further cause joins a visit that is already open, instead of opening another (BR-14)."""

    TYPE: ClassVar[str] = "followup.visit-cause-added"
    visit_id: VisitId
    household_id: HouseholdId
    because: str
    """Id of the fact that is a further cause."""


class VisitCauseDropped(Fact):
    """A cause of an open visit was withdrawn; the visit stays for its other causes."""

    TYPE: ClassVar[str] = "followup.visit-cause-dropped"
    visit_id: VisitId
    household_id: HouseholdId
    because: str
    """Id of the fact that is no longer a cause."""


class VisitRecorded(Fact):
    """A visit was made on `done_on` (BR-13: only a made visit counts)."""

    TYPE: ClassVar[str] = "followup.visit-recorded"
    visit_id: VisitId
    household_id: HouseholdId
    lease_id: LeaseId
    kind: VisitKind
    """Which visit of the first year it is, or what else it is for."""
    done_on: date
    """The day on which it was made; it may be recorded later."""
    place: VisitPlace
    """Where it was made."""
    performed_by: Officer
    """The officer who made it: an employee, never a member of the household."""
    result: VisitResult
    """What came out of it, in one word; notes never leave follow-up."""


class VisitMissed(Fact):
    """A planned visit did not take place."""

    TYPE: ClassVar[str] = "followup.visit-missed"
    visit_id: VisitId
    household_id: HouseholdId
    lease_id: LeaseId
    missed_on: date
    """The day on which it should have been made."""
    reason: AbsenceReason
    """Why it did not take place."""


class VisitWithdrawn(Fact):
    """A planned or proposed visit is no longer to be made; `why` says so in a word."""

    TYPE: ClassVar[str] = "followup.visit-withdrawn"
    visit_id: VisitId
    household_id: HouseholdId
    lease_id: LeaseId
    withdrawn_on: date
    """From this day on it is not to be made."""
    why: str
    """`lease-ended`, `lease-withdrawn`, `cause-withdrawn`, `arrears-cleared` or
    `planned-by-mistake`; more may come.
    """


class DayClosed(Fact):
    """Follow-up's clock passed the midnight after `day`: nothing more is recorded on it."""

    TYPE: ClassVar[str] = "followup.day-closed"
    day: date
    """The day that is over, Europe/Brussels."""
