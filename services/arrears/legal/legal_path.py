"""A debt before the court: what the court, the bailiff and the household decided, day by day.

Part of a household's case. Of each kind the last one recorded counts that was not struck out.
"""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.legal_path import BlockReason, CostKind, SuspensionReason
from services.arrears.casework.case_plans import line
from services.arrears.ladder.case import CourtDate, CourtOutcome, Eviction
from services.arrears.legal.guidance import (
    Entry,
    Guidance,
    day_not_possible,
    note_done,
    refuse_ahead,
    refuse_far_ahead,
)
from services.chassis.aggregate import Event
from services.chassis.refusal import Refusal


class NoJudgment(Refusal):
    slug = "no-judgment"
    title = "Aucun jugement"


class NoEvictionScheduled(Refusal):
    slug = "no-eviction-scheduled"
    title = "Aucune expulsion fixée"


class LegalPath(Guidance):
    """See the module; `ArrearsCase` is the whole."""

    petition: "LegalPath.CourtPetitionFiled | None"
    judgment: "LegalPath.JudgmentGiven | None"
    service: "LegalPath.JudgmentServed | None"
    eviction: "LegalPath.EvictionScheduled | None"
    suspended_on: date | None
    executed_on: date | None
    hearing_on: date | None
    judgments: int
    blocks: "list[LegalPath.EvictionBlocked]"

    @property
    def is_before_court(self) -> bool:
        """It went to court, and the tenant was not evicted."""
        went = self.petition is not None or self.judgment is not None
        return went and self.executed_on is None

    def begin_legal_path(self) -> None:
        """As a case begins, or before its path is told again."""
        self.entries, self.hearing_on = {}, None
        self.petition, self.judgment, self.service, self.eviction = None, None, None, None
        self.judgments, self.suspended_on, self.executed_on = 0, None, None

    class CourtPetitionFiled(Entry):
        TOPIC = "arrears.court-petition-filed"
        lease_id: UUID
        household_id: UUID
        filed_on: date
        claim_cents: int

        def tell(self, case: "LegalPath") -> None:
            case.petition = self

    def file_petition(self, on: date, claim_cents: int, today: date) -> None:
        """On any day of the year.   Records: CourtPetitionFiled.   Refuses: LegalDayNotPossible."""
        refuse_ahead("filed_on", on, today)
        self._trigger(self.CourtPetitionFiled, on, filed_on=on, claim_cents=claim_cents)

    class HearingFixed(Entry):
        TOPIC = "arrears.hearing-fixed"
        lease_id: UUID
        household_id: UUID
        hearing_on: date
        noted_on: date

        def tell(self, case: "LegalPath") -> None:
            case.hearing_on = self.hearing_on
            case.lines.pop("hearing", None)  # it comes after a judgment noted the same day
            case.lines["hearing"] = line(
                CourtDate, what="court-date", on=self.noted_on, court_on=self.hearing_on
            )

    def fix_hearing(self, hearing_on: date, today: date) -> None:
        """Records: HearingFixed.   Refuses: LegalDayNotPossible (422)."""
        if self.petition is not None and hearing_on < self.petition.filed_on:
            raise day_not_possible("hearing_on", "L'audience vient après le dépôt de la requête.")
        refuse_far_ahead("hearing_on", hearing_on, today)
        self._trigger(self.HearingFixed, today, hearing_on=hearing_on, noted_on=today)

    class JudgmentGiven(Entry):
        TOPIC = "arrears.judgment-given"
        lease_id: UUID
        household_id: UUID
        judgment_id: UUID
        given_on: date
        noted_on: date
        claim_cents: int
        terms_granted: bool
        eviction_authorised: bool
        no_eviction_before: date | None

        @property
        def outcome(self) -> str:
            """In the words of a policy."""
            if self.eviction_authorised:
                return "eviction-authorised"
            return "terms-granted" if self.terms_granted else "payment-ordered"

        def tell(self, case: "LegalPath") -> None:
            case.judgment, case.service, case.eviction = self, None, None
            case.suspended_on = None
            case.judgments += 1
            case.lines.pop("eviction", None)
            case.lines.pop("judgment", None)
            case.lines["judgment"] = line(
                CourtOutcome, what="court-outcome", on=self.noted_on, outcome=self.outcome
            )

    def give_judgment(self, judgment_id: UUID, on: date, today: date, **given: Any) -> None:
        """Records: JudgmentGiven.   Refuses: LegalDayNotPossible (422)."""
        refuse_ahead("given_on", on, today)
        if self.petition is not None and on < self.petition.filed_on:
            raise day_not_possible("given_on", "Le jugement vient après le dépôt de la requête.")
        before = given["no_eviction_before"]
        if before is not None and before < on:
            raise day_not_possible("no_eviction_before", "Ce jour est avant le jugement.")
        self._trigger(
            self.JudgmentGiven, on, judgment_id=judgment_id, given_on=on, noted_on=today, **given
        )

    class JudgmentServed(Entry):
        TOPIC = "arrears.judgment-served"
        lease_id: UUID
        household_id: UUID
        judgment_id: UUID
        served_on: date
        noted_on: date
        earliest_eviction_on: date

        def tell(self, case: "LegalPath") -> None:
            case.service = self
            note_done(case, "judgment-served", self.served_on, self.noted_on)

    def serve_judgment(self, on: date, earliest_eviction_on: date, today: date) -> None:
        """Records: JudgmentServed.   Refuses: NoJudgment (409), LegalDayNotPossible (422)."""
        judgment = self.known_judgment
        refuse_ahead("served_on", on, today)
        if on < judgment.given_on:
            raise day_not_possible("served_on", "Un jugement est signifié après avoir été rendu.")
        self._trigger(
            self.JudgmentServed,
            on,
            judgment_id=judgment.judgment_id,
            served_on=on,
            noted_on=today,
            earliest_eviction_on=earliest_eviction_on,
        )

    @property
    def known_judgment(self) -> "LegalPath.JudgmentGiven":
        """Refuses: NoJudgment (409)."""
        if self.judgment is None:
            raise NoJudgment("Aucun jugement n'est noté dans ce dossier : notez-le d'abord.")
        return self.judgment

    class EvictionScheduled(Entry):
        TOPIC = "arrears.eviction-scheduled"
        lease_id: UUID
        household_id: UUID
        judgment_id: UUID
        evict_on: date
        warned_on: date
        noted_on: date

        def tell(self, case: "LegalPath") -> None:
            case.eviction = self
            case.lines["eviction"] = line(
                Eviction, what="eviction", on=self.noted_on, evict_on=self.evict_on
            )

    def schedule_eviction(self, evict_on: date, warned_on: date, today: date) -> None:
        """No rule stands against it.   Records: EvictionScheduled.

        Refuses: NoJudgment (409), LegalDayNotPossible (422).
        """
        judgment_id = self.known_judgment.judgment_id
        refuse_far_ahead("evict_on", evict_on, today)
        self._trigger(
            self.EvictionScheduled,
            today,
            judgment_id=judgment_id,
            evict_on=evict_on,
            warned_on=warned_on,
            noted_on=today,
        )

    class EvictionBlocked(Event):
        TOPIC = "arrears.eviction-blocked"
        lease_id: UUID
        household_id: UUID
        evict_on: date
        blocked_on: date
        reasons: list[BlockReason]
        policy: str | None
        policy_version: str | None

        def apply(self, case: "LegalPath") -> None:
            case.blocks.append(self)

    def block_eviction(self, evict_on: date, today: date, **why: Any) -> None:
        """A rule stands against it.   Records: EvictionBlocked."""
        self._trigger(self.EvictionBlocked, today, evict_on=evict_on, blocked_on=today, **why)

    class EvictionSuspended(Entry):
        TOPIC = "arrears.eviction-suspended"
        lease_id: UUID
        household_id: UUID
        evict_on: date
        suspended_on: date
        reason: SuspensionReason

        def tell(self, case: "LegalPath") -> None:
            case.eviction, case.suspended_on = None, self.suspended_on
            case.lines.pop("eviction", None)

    def suspend_eviction(self, reason: SuspensionReason, today: date) -> None:
        """Records: EvictionSuspended.   Refuses: NoEvictionScheduled (409)."""
        if self.eviction is None:
            raise NoEvictionScheduled("Aucune expulsion n'est fixée dans ce dossier.")
        evict_on = self.eviction.evict_on
        self._trigger(
            self.EvictionSuspended, today, evict_on=evict_on, suspended_on=today, reason=reason
        )

    class EvictionExecuted(Entry):
        TOPIC = "arrears.eviction-executed"
        lease_id: UUID
        household_id: UUID
        judgment_id: UUID
        executed_on: date
        noted_on: date

        def tell(self, case: "LegalPath") -> None:
            case.eviction, case.executed_on = None, self.executed_on
            case.lines.pop("eviction", None)
            note_done(case, "eviction-executed", self.executed_on, self.noted_on)

    def execute_eviction(self, on: date, today: date) -> None:
        """No rule stands against it.   Records: EvictionExecuted.   Refuses: NoJudgment (409)."""
        judgment_id = self.known_judgment.judgment_id
        self._trigger(
            self.EvictionExecuted, on, judgment_id=judgment_id, executed_on=on, noted_on=today
        )

    class CourtCostsIncurred(Entry):
        TOPIC = "arrears.court-costs-incurred"
        lease_id: UUID
        household_id: UUID
        kind: CostKind
        cost_cents: int
        incurred_on: date
        """It tells the path nothing: costs are kept apart from the rent account (BR-04)."""

    def incur_costs(self, kind: CostKind, cost_cents: int, on: date, today: date) -> None:
        """Records: CourtCostsIncurred.   Refuses: LegalDayNotPossible (422)."""
        refuse_ahead("incurred_on", on, today)
        self._trigger(self.CourtCostsIncurred, on, kind=kind, cost_cents=cost_cents, incurred_on=on)
