"""The periods of support of a household: what it agreed to, and from which day on."""

from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.support_periods import SupportAxis
from services.chassis.aggregate import Event
from services.followup.arrears_visits import ArrearsVisits
from services.followup.support_period import (
    HouseholdHasNotAgreed,
    SupportDayNotPossible,
    SupportPeriod,
    SupportPeriodOverlaps,
    SupportTerms,
    UnknownSupportPeriod,
)


class SupportOpenings(ArrearsVisits):
    """See the module; `support` by id, withdrawn periods among them. `HouseholdFile` is the whole.

    No event tells that an intensive period has ended by itself: its opening says on which day.
    """

    support: dict[UUID, SupportPeriod]

    class SupportPeriodOpened(Event):
        TOPIC = "followup.support-period-opened"
        period_id: UUID
        axis: SupportAxis
        intensive: bool
        agreed_on: date
        opened_on: date
        ends_on: date | None

        def apply(self, file: "SupportOpenings") -> None:
            period = SupportPeriod(self.period_id, _terms(self), self.originator_version)
            file.support[self.period_id] = period

    def open_support(self, period_id: UUID, terms: SupportTerms, today: date) -> None:
        """Open a period with the household's agreement.

        Records: SupportPeriodOpened (BR-09, BR-12).
        Refuses: SupportDayNotPossible (422), HouseholdHasNotAgreed, SupportPeriodOverlaps (409).
        """
        self._refuse_terms(terms, today)
        self.refuse_overlap(period_id, terms, terms.ends_on or date.max)
        self.trigger_event(self.SupportPeriodOpened, period_id=period_id, **said_of(terms))

    class SupportOpeningCorrected(SupportPeriodOpened):
        TOPIC = "followup.support-opening-corrected"
        corrects_version: int

        def apply(self, file: "SupportOpenings") -> None:
            file.support[self.period_id].terms = _terms(self)

    def correct_opening(self, period_id: UUID, terms: SupportTerms, today: date) -> None:
        """Replace what was recorded of an opening; nothing is recorded where nothing differs.

        Records: SupportOpeningCorrected.   Refuses: as `open_support`; SupportDayNotPossible where
        the closure would lie outside the period.
        """
        period = self.period(period_id)
        self._refuse_terms(terms, today)
        corrected = replace(period, terms=terms)
        if period.closure is not None:
            refuse_outside(terms, period.closure.closed_on, "opened_on")
        self.refuse_overlap(period_id, terms, corrected.until)
        if terms != period.terms:
            self.trigger_event(
                self.SupportOpeningCorrected,
                corrects_version=period.opened_version,
                period_id=period_id,
                **said_of(terms),
            )

    class SupportOpeningWithdrawn(SupportPeriodOpened):
        TOPIC = "followup.support-opening-withdrawn"
        corrects_version: int

        def apply(self, file: "SupportOpenings") -> None:
            file.support[self.period_id].withdrawn = True

    def period(self, period_id: UUID) -> SupportPeriod:
        """Refuses: UnknownSupportPeriod (404)."""
        found = self.support.get(period_id)
        if found is None or found.withdrawn:
            raise UnknownSupportPeriod("Cet accompagnement n'est pas dans le dossier du ménage.")
        return found

    def standing_support(self) -> list[SupportPeriod]:
        return [period for period in self.support.values() if not period.withdrawn]

    def _refuse_terms(self, terms: SupportTerms, today: date) -> None:
        refuse_future("opened_on", terms.opened_on, today)
        if terms.agreed_on > terms.opened_on:
            reason = (
                f"Le ménage doit avoir donné son accord au plus tard le {terms.opened_on:%d/%m/%Y},"
                " jour de l'ouverture : corrigez l'une des deux dates."
            )
            raise HouseholdHasNotAgreed(reason, errors=[{"field": "agreed_on", "reason": reason}])

    def refuse_overlap(self, period_id: UUID, terms: SupportTerms, until: date) -> None:
        for other in self.standing_support():
            if other.period_id != period_id and other.overlaps(terms, until):
                since, end = other.terms.opened_on, other.until
                up_to = "" if end == date.max else f" jusqu'au {end:%d/%m/%Y}"
                raise SupportPeriodOverlaps(
                    f"Un accompagnement de la même sorte, sur le même axe, court depuis le "
                    f"{since:%d/%m/%Y}{up_to} : clôturez-le d'abord, ou changez les dates.",
                    opened_on=since.isoformat(),
                )


def refuse_future(field: str, day: date, today: date) -> None:
    if day > today:
        raise SupportDayNotPossible(field, f"Le {day:%d/%m/%Y} n'est pas encore passé.")


def refuse_outside(terms: SupportTerms, closed_on: date, field: str) -> None:
    if closed_on < terms.opened_on:
        raise SupportDayNotPossible(
            field, f"La clôture ne peut pas précéder l'ouverture du {terms.opened_on:%d/%m/%Y}."
        )
    if terms.ends_on is not None and closed_on > terms.ends_on:
        raise SupportDayNotPossible(
            field,
            f"La période intensive se termine d'elle-même le {terms.ends_on:%d/%m/%Y} : "
            "la clôture est au plus tard de ce jour.",
        )


def _terms(event: SupportOpenings.SupportPeriodOpened) -> SupportTerms:
    return SupportTerms(*(getattr(event, field.name) for field in fields(SupportTerms)))


def said_of(terms: SupportTerms) -> dict[str, Any]:
    """The fields of an event that tells of these terms."""
    return asdict(terms) | {"occurred_on": terms.opened_on}
