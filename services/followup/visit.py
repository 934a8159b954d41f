"""A visit as its household's file knows it, and what forbids acts on it."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from contracts.followup import VisitKind
from services.chassis.refusal import Malformed, NotFound, Refusal


class VisitState(Enum):
    PROPOSED = "proposed"
    PLANNED = "planned"
    MADE = "made"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


OPEN = {VisitState.PROPOSED, VisitState.PLANNED}


class VisitAlreadyRecorded(Refusal):
    slug = "visit-already-recorded"
    title = "Visite déjà enregistrée"


class VisitAlreadyPlanned(Refusal):
    slug = "visit-already-planned"
    title = "Visite déjà prévue"


class VisitNotRecorded(Refusal):
    slug = "visit-not-recorded"
    title = "Visite non enregistrée"


class VisitIsNotOpen(Refusal):
    slug = "visit-is-not-open"
    title = "Visite close"


class UnknownVisit(NotFound):
    slug = "unknown-visit"
    title = "Visite inconnue"


class VisitDayNotPossible(Malformed):
    slug = "visit-day-not-possible"
    title = "Date de visite impossible"

    def __init__(self, field_name: str, detail: str) -> None:
        super().__init__(detail, [{"field": field_name, "reason": detail}])


@dataclass
class Visit:
    """One visit. `*_version` are the versions of the file's events that a correction names;
    `is_own`: it was a person who planned it.
    """

    visit_id: UUID
    lease_id: UUID
    kind: VisitKind
    state: VisitState
    planned_on: date | None = None
    proposed_on: date | None = None
    planned_version: int | None = None
    recorded_version: int | None = None
    withdrawn_version: int | None = None
    before_withdrawal: VisitState | None = None
    withdrawn_why: str = ""
    withdrawn_on: date | None = None
    is_own: bool = False
    causes: list[str] = field(default_factory=list)
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def may_be_cancelled(self) -> bool:
        """A person planned it, and neither policy nor a missed payment asks for it."""
        return self.is_own and self.is_open and not self.causes

    @property
    def before_record(self) -> VisitState:
        """What it is without its record: one that nobody planned or proposed is no more."""
        if self.planned_on:
            return VisitState.PLANNED
        return VisitState.PROPOSED if self.proposed_on else VisitState.WITHDRAWN

    def is_the_same(self, lease_id: UUID, kind: VisitKind, made: dict[str, Any]) -> bool:
        """Whether this very visit was noted: same lease, kind, day, place, person and result."""
        noted = (self.state, self.lease_id, self.kind, self.made)
        return noted == (VisitState.MADE, lease_id, kind, made)

    def is_after(self, day: date) -> bool:
        """Whether it is to be made after a day, or was proposed after it."""
        own = self.planned_on or self.proposed_on
        return own is not None and own > day

    def refuse_unless_recorded(self) -> None:
        if self.recorded_version is None:
            raise VisitNotRecorded("Cette visite n'est pas enregistrée comme faite.")

    def refuse_unless_open(self) -> None:
        if self.state is VisitState.MADE:
            raise VisitAlreadyRecorded(
                "Cette visite est déjà enregistrée. Corrigez-la si quelque chose est faux."
            )
        if self.state is VisitState.WITHDRAWN:
            raise VisitIsNotOpen("Cette visite a été retirée : planifiez-en une nouvelle.")
