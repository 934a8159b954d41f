"""A lease: who rents which dwelling, since when, on which terms; the welcome and the end."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.intake import EndReason, WelcomeMode
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import Refusal
from services.intake.lease_terms import (
    DayNotPossible,
    Signing,
    Terms,
    refuse_end,
    refuse_start,
    refuse_welcome,
)


class LeaseAlreadySigned(Refusal):
    slug = "lease-already-signed"
    title = "Bail déjà enregistré"
    field = "reference"


class LeaseHasEnded(Refusal):
    slug = "lease-has-ended"
    title = "Bail terminé"


class LeaseWasWithdrawn(Refusal):
    slug = "lease-was-withdrawn"
    title = "Bail annulé"


class TenantAlreadyWelcomed(Refusal):
    slug = "tenant-already-welcomed"
    title = "Accueil déjà enregistré"


class TenantNotWelcomedYet(Refusal):
    slug = "tenant-not-welcomed-yet"
    title = "Aucun accueil enregistré"


class Lease(Aggregate):
    """See the module."""

    TOPIC = "intake.lease"
    terms: Terms
    welcomed_on: date | None
    welcomed_version: int | None
    welcome_mode: WelcomeMode
    ended_on: date | None
    ended_version: int | None
    end_reason: EndReason | None
    withdrawn: bool

    @staticmethod
    def id_of(company: str, reference: str) -> UUID:
        return natural_id(company, "lease", reference)

    class Signed(Opening, Signing):
        TOPIC = "intake.lease-signed"

        def apply(self, lease: "Lease") -> None:
            lease.terms = self.terms()
            lease.welcomed_on = self.welcomed_on
            lease.welcomed_version = lease.ended_version = None
            lease.ended_on = lease.end_reason = None
            lease.welcome_mode = WelcomeMode.OFFICE
            lease.withdrawn = False

    @classmethod
    def sign(cls, company: str, terms: Terms, today: date) -> "Lease":
        """Records: Signed.   Refuses: DayNotPossible (422)."""
        refuse_start(terms.start_on, today)
        signed: Lease = cls.open(
            cls.Signed,
            cls.id_of(company, terms.reference),
            **vars(terms),
            occurred_on=terms.start_on,
        )
        return signed

    class SigningCorrected(Signing):
        TOPIC = "intake.lease-signing-corrected"
        corrects_version: int

        def apply(self, lease: "Lease") -> None:
            lease.terms = self.terms()
            if lease.welcomed_version is None:
                lease.welcomed_on = self.welcomed_on

    def correct(self, today: date, **changes: Any) -> None:
        """Replace wrong terms by the right ones, as if they had always been so.

        Records: SigningCorrected, or nothing when nothing changes.
        Refuses: LeaseWasWithdrawn (409), DayNotPossible (422).
        """
        self._refuse_if_withdrawn()
        terms = replace(self.terms, **changes)
        refuse_start(terms.start_on, today)
        if self.ended_on is not None and self.ended_on < terms.start_on:
            raise DayNotPossible("start_on", "Le début serait après la fin déjà enregistrée.")
        if terms != self.terms:
            self.trigger_event(
                self.SigningCorrected,
                corrects_version=1,
                **vars(terms),
                occurred_on=terms.start_on,
            )

    class SigningWithdrawn(Signing):
        TOPIC = "intake.lease-signing-withdrawn"
        corrects_version: int

        def apply(self, lease: "Lease") -> None:
            lease.withdrawn = True

    def withdraw(self) -> None:
        """The lease was entered by mistake and never was.   Records: SigningWithdrawn."""
        if not self.withdrawn:
            self.trigger_event(
                self.SigningWithdrawn,
                corrects_version=1,
                **vars(self.terms),
                occurred_on=self.terms.start_on,
            )

    class TenantWelcomed(Event):
        TOPIC = "intake.tenant-welcomed"
        household_id: UUID
        held_on: date
        mode: WelcomeMode

        def apply(self, lease: "Lease") -> None:
            lease.welcomed_on = self.held_on
            lease.welcomed_version = self.originator_version
            lease.welcome_mode = self.mode

    def hold_welcome_meeting(self, held_on: date, mode: WelcomeMode, today: date) -> None:
        """Records: TenantWelcomed.

        Refuses: TenantAlreadyWelcomed, LeaseWasWithdrawn, LeaseHasEnded (409),
        DayNotPossible (422) for a day to come.
        """
        self._refuse_if_withdrawn()
        if self.welcomed_on is not None:
            raise TenantAlreadyWelcomed(
                "L'accueil de ce ménage est déjà enregistré. Corrigez-le si la date est fausse.",
                held_on=self.welcomed_on.isoformat(),
            )
        refuse_welcome(held_on, self.terms.start_on, today)
        if self.ended_on is not None and held_on > self.ended_on:
            raise LeaseHasEnded("Le bail était terminé à cette date : vérifiez la date d'accueil.")
        self.trigger_event(
            self.TenantWelcomed,
            household_id=self.terms.household_id,
            held_on=held_on,
            mode=mode,
            occurred_on=held_on,
        )

    class WelcomeCorrected(Event):
        TOPIC = "intake.tenant-welcome-corrected"
        corrects_version: int
        household_id: UUID
        held_on: date
        mode: WelcomeMode

        def apply(self, lease: "Lease") -> None:
            lease.welcomed_on, lease.welcome_mode = self.held_on, self.mode

    def correct_welcome(self, held_on: date, mode: WelcomeMode, today: date) -> None:
        """Records: WelcomeCorrected, or nothing when nothing changes; of one that was taken over
        with the stock SigningCorrected, without it, and TenantWelcomed.

        Refuses: TenantNotWelcomedYet (409), DayNotPossible (422).
        """
        refuse_welcome(held_on, self.terms.start_on, today)
        if self.terms.welcomed_on is not None:
            self.correct(today, welcomed_on=None)
            self.hold_welcome_meeting(held_on, mode, today)
            return
        corrects_version = self._welcomed()
        if (held_on, mode) == (self.welcomed_on, self.welcome_mode):
            return
        self.trigger_event(
            self.WelcomeCorrected,
            corrects_version=corrects_version,
            household_id=self.terms.household_id,
            held_on=held_on,
            mode=mode,
            occurred_on=held_on,
        )

    class WelcomeWithdrawn(Event):
        TOPIC = "intake.tenant-welcome-withdrawn"
        corrects_version: int
        household_id: UUID
        held_on: date
        mode: WelcomeMode

        def apply(self, lease: "Lease") -> None:
            lease.welcomed_on = lease.welcomed_version = None

    def withdraw_welcome(self) -> None:
        """It was not held.   Records: WelcomeWithdrawn.   Refuses: TenantNotWelcomedYet."""
        self.trigger_event(
            self.WelcomeWithdrawn,
            corrects_version=self._welcomed(),
            household_id=self.terms.household_id,
            held_on=self.welcomed_on,
            mode=self.welcome_mode,
            occurred_on=self.welcomed_on,
        )

    class Ended(Event):
        TOPIC = "intake.lease-ended"
        household_id: UUID
        ended_on: date
        reason: EndReason

        def apply(self, lease: "Lease") -> None:
            lease.ended_on, lease.end_reason = self.ended_on, self.reason
            lease.ended_version = self.originator_version

    def end(self, ended_on: date, reason: EndReason, today: date) -> None:
        """Records: Ended; `ended_on` is the last day, which may lie ahead (notice given).

        Refuses: LeaseHasEnded, LeaseWasWithdrawn (409), DayNotPossible (422) before the start
        or more than two years ahead.
        """
        self._refuse_if_withdrawn()
        if self.ended_on is not None:
            raise LeaseHasEnded(
                "La fin de ce bail est déjà enregistrée.", ended_on=self.ended_on.isoformat()
            )
        refuse_end(ended_on, self.terms.start_on, today)
        self.trigger_event(
            self.Ended,
            household_id=self.terms.household_id,
            ended_on=ended_on,
            reason=reason,
            occurred_on=ended_on,
        )

    class EndWithdrawn(Event):
        TOPIC = "intake.lease-end-withdrawn"
        corrects_version: int
        household_id: UUID
        ended_on: date
        reason: EndReason

        def apply(self, lease: "Lease") -> None:
            lease.ended_on = lease.end_reason = lease.ended_version = None

    def withdraw_end(self) -> None:
        """The lease goes on: its end was recorded by mistake.   Records: EndWithdrawn."""
        if self.ended_on is not None and self.ended_version is not None:
            self.trigger_event(
                self.EndWithdrawn,
                corrects_version=self.ended_version,
                household_id=self.terms.household_id,
                ended_on=self.ended_on,
                reason=self.end_reason,
                occurred_on=self.ended_on,
            )

    class TransferCompleted(Event):
        TOPIC = "intake.transfer-completed"
        household_id: UUID
        from_lease_id: UUID
        completed_on: date

        def apply(self, lease: "Lease") -> None:
            pass

    def complete_transfer(self) -> None:
        """It follows another lease of the household (BR-24).   Records: TransferCompleted."""
        self.trigger_event(
            self.TransferCompleted,
            household_id=self.terms.household_id,
            from_lease_id=self.terms.transfer_of,
            completed_on=self.terms.start_on,
            occurred_on=self.terms.start_on,
        )

    def _welcomed(self) -> int:
        if self.welcomed_version is None:
            raise TenantNotWelcomedYet("Aucun accueil n'est enregistré ici pour ce bail.")
        return self.welcomed_version

    def _refuse_if_withdrawn(self) -> None:
        if self.withdrawn:
            raise LeaseWasWithdrawn("Ce bail a été annulé : il n'a jamais existé.")
