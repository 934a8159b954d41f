"""How a household's periods of support end: closed, by a death, or never to have been."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from contracts.support_periods import SupportOutcome
from services.chassis.aggregate import Event
from services.followup.support_openings import (
    SupportOpenings,
    refuse_future,
    refuse_outside,
    said_of,
)
from services.followup.support_period import (
    Closure,
    SupportPeriod,
    SupportPeriodAlreadyClosed,
    SupportPeriodNotClosed,
)


class HouseholdSupport(SupportOpenings):
    """See the module. `HouseholdFile` is the whole."""

    class SupportPeriodClosed(Event):
        TOPIC = "followup.support-period-closed"
        period_id: UUID
        closed_on: date
        outcome: SupportOutcome
        agreement_withdrawn: bool
        because: str | None

        def apply(self, file: "HouseholdSupport") -> None:
            file.support[self.period_id].closure = _closure(self, self.originator_version)

    def close_support(
        self,
        period_id: UUID,
        closed_on: date,
        outcome: SupportOutcome,
        today: date,
        *,
        agreement_withdrawn: bool = False,
    ) -> None:
        """Close a period, also one that has ended by itself, with what came of it.

        Records: SupportPeriodClosed.   Refuses: SupportPeriodAlreadyClosed (409),
        SupportDayNotPossible (422) to come, or outside the period.
        """
        period = self.period(period_id)
        if period.closure is not None:
            raise SupportPeriodAlreadyClosed(
                "Cet accompagnement est déjà clos. Corrigez la clôture si quelque chose est faux."
            )
        field = "withdrawn_on" if agreement_withdrawn else "closed_on"
        refuse_future(field, closed_on, today)
        refuse_outside(period.terms, closed_on, field)
        self._trigger_closed(period_id, closed_on, outcome, agreement_withdrawn=agreement_withdrawn)

    def _trigger_closed(
        self,
        period_id: UUID,
        closed_on: date,
        outcome: SupportOutcome,
        because: str | None = None,
        *,
        agreement_withdrawn: bool = False,
    ) -> None:
        self.trigger_event(
            self.SupportPeriodClosed,
            period_id=period_id,
            closed_on=closed_on,
            outcome=outcome,
            agreement_withdrawn=agreement_withdrawn,
            because=because,
            occurred_on=closed_on,
        )

    class SupportClosureCorrected(SupportPeriodClosed):
        TOPIC = "followup.support-closure-corrected"
        corrects_version: int

        def apply(self, file: "HouseholdSupport") -> None:
            file.support[self.period_id].closure = _closure(self, self.corrects_version)

    def correct_closure(
        self, period_id: UUID, closed_on: date, outcome: SupportOutcome, today: date
    ) -> None:
        """Replace what was recorded of a closure; from then on it is a person's, whoever closed.

        A withdrawn agreement stays one while the outcome is that support was dropped.

        Records: SupportClosureCorrected, nothing where nothing differs.
        Refuses: SupportPeriodNotClosed, SupportPeriodOverlaps (409), SupportDayNotPossible (422).
        """
        period = self.period(period_id)
        closure = _closed(period)
        refuse_future("closed_on", closed_on, today)
        refuse_outside(period.terms, closed_on, "closed_on")
        corrected = replace(
            closure,
            closed_on=closed_on,
            outcome=outcome,
            agreement_withdrawn=closure.agreement_withdrawn and outcome is SupportOutcome.DROPPED,
        )
        self.refuse_overlap(period_id, period.terms, replace(period, closure=corrected).until)
        if corrected != closure:
            self.trigger_event(
                self.SupportClosureCorrected,
                corrects_version=closure.version,
                period_id=period_id,
                closed_on=closed_on,
                outcome=outcome,
                agreement_withdrawn=corrected.agreement_withdrawn,
                because=None,
                occurred_on=closed_on,
            )

    class SupportClosureWithdrawn(SupportPeriodClosed):
        TOPIC = "followup.support-closure-withdrawn"
        corrects_version: int

        def apply(self, file: "HouseholdSupport") -> None:
            file.support[self.period_id].closure = None

    def withdraw_closure(self, period_id: UUID) -> None:
        """It was not closed after all.   Records: SupportClosureWithdrawn.

        Refuses: SupportPeriodNotClosed, SupportPeriodOverlaps (409).
        """
        period = self.period(period_id)
        closure = _closed(period)
        self.refuse_overlap(period_id, period.terms, period.terms.ends_on or date.max)
        self._trigger_closure_withdrawn(period, closure)

    def _trigger_closure_withdrawn(self, period: SupportPeriod, closure: Closure) -> None:
        self.trigger_event(
            self.SupportClosureWithdrawn,
            corrects_version=closure.version,
            period_id=period.period_id,
            closed_on=closure.closed_on,
            outcome=closure.outcome,
            agreement_withdrawn=closure.agreement_withdrawn,
            because=None,
            occurred_on=closure.closed_on,
        )

    def close_at_death(self, ended_on: date, because: str) -> None:
        """What was open on the evening of a death's day is closed with it.

        Records: SupportPeriodClosed.
        """
        for period in self.standing_support():
            if period.closure is None and period.until > ended_on:
                closed_on = max(ended_on, period.terms.opened_on)
                self._trigger_closed(period.period_id, closed_on, SupportOutcome.DECEASED, because)

    def reopen_after(self, because: str) -> None:
        """The fact that closed a period was withdrawn.   Records: SupportClosureWithdrawn.

        What a person has corrected since stays.
        """
        for period in self.standing_support():
            if period.closure is not None and period.closure.because == because:
                self._trigger_closure_withdrawn(period, period.closure)

    def withdraw_opening(self, period_id: UUID) -> None:
        """There was no such period.   Records: SupportOpeningWithdrawn, before it a closure's."""
        period = self.period(period_id)
        if period.closure is not None:
            self._trigger_closure_withdrawn(period, period.closure)
        self.trigger_event(
            self.SupportOpeningWithdrawn,
            corrects_version=period.opened_version,
            period_id=period_id,
            **said_of(period.terms),
        )


def _closed(period: SupportPeriod) -> Closure:
    if period.closure is None:
        raise SupportPeriodNotClosed("Cet accompagnement n'est pas clos : rien n'est à corriger.")
    return period.closure


def _closure(event: HouseholdSupport.SupportPeriodClosed, version: int) -> Closure:
    return Closure(
        event.closed_on, event.outcome, event.agreement_withdrawn, event.because, version
    )
