"""A dwelling of the company: let under one lease at a time, or vacant and lettable or not."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.intake import SuspensionReason
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.amounts import format_day
from services.chassis.refusal import Refusal
from services.intake.lease_terms import SIGNED_AHEAD_MAX, DayNotPossible


class DwellingAlreadyLet(Refusal):
    slug = "dwelling-already-let"
    title = "Logement déjà loué"
    field = "dwelling_reference"


class LettingIsSuspended(Refusal):
    slug = "letting-is-suspended"
    title = "Logement retiré de la location"
    field = "dwelling_reference"


class LettingIsNotSuspended(Refusal):
    slug = "letting-is-not-suspended"
    title = "Logement non retiré de la location"


@dataclass(frozen=True)
class Suspension:
    """A time when a vacant dwelling cannot be let; `lettable_from` is None while it lasts."""

    version: int
    unlettable_from: date
    reason: SuspensionReason
    lettable_from: date | None = None
    resumed_version: int = 0


class Dwelling(Aggregate):
    """See the module. `let_under` is the lease it is let under, None when vacant.

    `vacant_from`: the day after its last lease, or that on which it entered the stock.
    `suspensions`: in order; one at most has no end, the last.
    """

    TOPIC = "intake.dwelling"
    reference: str
    vacant_from: date
    suspensions: list[Suspension]
    let_under: UUID | None
    let_version: int | None

    @staticmethod
    def id_of(company: str, reference: str) -> UUID:
        return natural_id(company, "dwelling", reference)

    class Registered(Opening):
        TOPIC = "intake.dwelling-registered"
        reference: str
        registered_on: date
        bedrooms: int | None

        def apply(self, dwelling: "Dwelling") -> None:
            dwelling.reference = self.reference
            dwelling.vacant_from = self.registered_on
            dwelling.suspensions = []
            dwelling.let_under = None
            dwelling.let_version = None

    @classmethod
    def register(
        cls, company: str, reference: str, on: date, bedrooms: int | None = None
    ) -> "Dwelling":
        """Records: Registered."""
        opened: Dwelling = cls.open(
            cls.Registered,
            cls.id_of(company, reference),
            reference=reference,
            registered_on=on,
            bedrooms=bedrooms,
            occurred_on=on,
        )
        return opened

    class Let(Event):
        TOPIC = "intake.dwelling-let"
        lease_id: UUID
        let_from: date

        def apply(self, dwelling: "Dwelling") -> None:
            dwelling.let_under = self.lease_id
            dwelling.let_version = self.originator_version

    def let(self, lease_id: UUID, let_from: date) -> None:
        """Records: Let, once.   Refuses: DwellingAlreadyLet, LettingIsSuspended (409)."""
        if self.let_under == lease_id:
            return
        self._refuse_if_let()
        last = self.last_suspension
        if last and last.lettable_from is None:
            raise LettingIsSuspended(
                f"Le logement {self.reference} est retiré de la location depuis le "
                f"{format_day(last.unlettable_from)}. Remettez-le d'abord en location, ou "
                "vérifiez le numéro du logement.",
                dwelling=self.reference,
            )
        if last and last.lettable_from and let_from < last.lettable_from:
            raise LettingIsSuspended(
                f"Le logement {self.reference} était retiré de la location jusqu'au "
                f"{format_day(last.lettable_from)}, après le début de ce bail. Vérifiez ce début, "
                "ou annulez le retrait sur la page du logement.",
                dwelling=self.reference,
            )
        self.trigger_event(self.Let, lease_id=lease_id, let_from=let_from, occurred_on=let_from)

    class Vacated(Event):
        TOPIC = "intake.dwelling-vacated"
        lease_id: UUID
        vacant_from: date

        def apply(self, dwelling: "Dwelling") -> None:
            dwelling.let_under = None
            dwelling.vacant_from = self.vacant_from

    def vacate(self, lease_id: UUID, vacant_from: date) -> None:
        """Records: Vacated, if the dwelling is let under that lease."""
        if self.let_under == lease_id:
            self.trigger_event(
                self.Vacated, lease_id=lease_id, vacant_from=vacant_from, occurred_on=vacant_from
            )

    class LettingWithdrawn(Event):
        TOPIC = "intake.dwelling-letting-withdrawn"
        corrects_version: int
        lease_id: UUID
        let_from: date

        def apply(self, dwelling: "Dwelling") -> None:
            dwelling.let_under = None
            dwelling.let_version = None

    def withdraw_letting(self, lease_id: UUID, let_from: date) -> None:
        """The lease never was: the dwelling was not let under it.   Records: LettingWithdrawn."""
        if self.let_under == lease_id and self.let_version is not None:
            self.trigger_event(
                self.LettingWithdrawn,
                corrects_version=self.let_version,
                lease_id=lease_id,
                let_from=let_from,
                occurred_on=let_from,
            )

    class LettingSuspended(Event):
        TOPIC = "intake.letting-suspended"
        unlettable_from: date
        reason: SuspensionReason

        def apply(self, dwelling: "Dwelling") -> None:
            suspended = Suspension(self.originator_version, self.unlettable_from, self.reason)
            dwelling.suspensions = [*dwelling.suspensions, suspended]

    def suspend_letting(self, unlettable_from: date, reason: SuspensionReason, today: date) -> None:
        """It cannot be let from a day on.   Records: LettingSuspended; repeated, nothing.

        Refuses: DwellingAlreadyLet, LettingIsSuspended (409), DayNotPossible (422).
        """
        last = self.last_suspension
        if last and last.lettable_from is None:
            if (last.unlettable_from, last.reason) == (unlettable_from, reason):
                return
            raise LettingIsSuspended(
                f"Le logement {self.reference} est déjà retiré de la location depuis le "
                f"{format_day(last.unlettable_from)}. Annulez ce retrait s'il est faux, ou "
                "remettez d'abord le logement en location.",
                dwelling=self.reference,
            )
        self._refuse_if_let()
        earliest = max(
            [self.vacant_from, *(s.lettable_from for s in self.suspensions if s.lettable_from)]
        )
        self._refuse_day("unlettable_from", unlettable_from, earliest, today)
        self.trigger_event(
            self.LettingSuspended,
            unlettable_from=unlettable_from,
            reason=reason,
            occurred_on=unlettable_from,
        )

    class SuspensionWithdrawn(Event):
        TOPIC = "intake.letting-suspension-withdrawn"
        corrects_version: int
        unlettable_from: date
        reason: SuspensionReason

        def apply(self, dwelling: "Dwelling") -> None:
            dwelling.suspensions = dwelling.suspensions[:-1]

    def withdraw_suspension(self) -> None:
        """It could be let all the time.   Records: SuspensionWithdrawn.

        Refuses: LettingIsNotSuspended (409).
        """
        last = self._suspended()
        self.trigger_event(
            self.SuspensionWithdrawn,
            corrects_version=last.version,
            unlettable_from=last.unlettable_from,
            reason=last.reason,
            occurred_on=last.unlettable_from,
        )

    class LettingResumed(Event):
        TOPIC = "intake.letting-resumed"
        lettable_from: date

        def apply(self, dwelling: "Dwelling") -> None:
            *before, last = dwelling.suspensions
            resumed = replace(
                last, lettable_from=self.lettable_from, resumed_version=self.originator_version
            )
            dwelling.suspensions = [*before, resumed]

    def resume_letting(self, lettable_from: date, today: date) -> None:
        """It can be let again from a day on.   Records: LettingResumed; repeated, nothing.

        Refuses: LettingIsNotSuspended (409), DayNotPossible (422).
        """
        if (found := self.last_suspension) and found.lettable_from == lettable_from:
            return
        last = self._suspended()
        self._refuse_day("lettable_from", lettable_from, last.unlettable_from, today)
        self.trigger_event(
            self.LettingResumed, lettable_from=lettable_from, occurred_on=lettable_from
        )

    class ResumptionWithdrawn(Event):
        TOPIC = "intake.letting-resumption-withdrawn"
        corrects_version: int
        lettable_from: date

        def apply(self, dwelling: "Dwelling") -> None:
            *before, last = dwelling.suspensions
            dwelling.suspensions = [*before, replace(last, lettable_from=None, resumed_version=0)]

    def withdraw_resumption(self) -> None:
        """It still cannot be let.   Records: ResumptionWithdrawn.

        Refuses: LettingIsNotSuspended, DwellingAlreadyLet (409).
        """
        last = self.last_suspension
        if last is None or last.lettable_from is None:
            raise LettingIsNotSuspended(
                f"Le logement {self.reference} n'a pas été remis en location : il n'y a rien à "
                "annuler.",
                dwelling=self.reference,
            )
        self._refuse_if_let()
        self.trigger_event(
            self.ResumptionWithdrawn,
            corrects_version=last.resumed_version,
            lettable_from=last.lettable_from,
            occurred_on=last.lettable_from,
        )

    @property
    def last_suspension(self) -> Suspension | None:
        return self.suspensions[-1] if self.suspensions else None

    def _suspended(self) -> Suspension:
        last = self.last_suspension
        if last is None or last.lettable_from is not None:
            raise LettingIsNotSuspended(
                f"Le logement {self.reference} n'est pas retiré de la location : notez d'abord "
                "depuis quand il l'est.",
                dwelling=self.reference,
            )
        return last

    def _refuse_if_let(self) -> None:
        if self.let_under is not None:
            raise DwellingAlreadyLet(
                f"Le logement {self.reference} est déjà loué. Mettez d'abord fin au bail en cours, "
                "ou vérifiez le numéro du logement.",
                dwelling=self.reference,
            )

    def _refuse_day(self, field: str, day: date, earliest: date, today: date) -> None:
        if day < earliest:
            raise DayNotPossible(
                field,
                f"Le logement {self.reference} : ce jour précède le {format_day(earliest)}, où "
                "son état d'avant a commencé. Vérifiez la date.",
            )
        if day > today + SIGNED_AHEAD_MAX:
            raise DayNotPossible(field, "Ce jour est à plus d'un an d'ici : vérifiez l'année.")
