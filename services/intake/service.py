"""Intake: one method a command; each loads, tells and saves in one act."""

from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from contracts.intake import EndReason, WelcomeMode
from contracts.words import RentPeriod
from services.chassis.act import Act
from services.chassis.aggregate import natural_id
from services.chassis.caller import Caller, Receipt
from services.chassis.day_book import close_days
from services.chassis.refusal import StaleEdit
from services.chassis.service import Service
from services.intake import new_tenants_to_welcome, vacant_dwellings
from services.intake.dwelling import Dwelling
from services.intake.lease import Lease
from services.intake.leaseholders import Person, corrected, moved, sealed
from services.intake.letting import (
    correct,
    end,
    follow,
    leave,
    refuse_if_moved,
    sign,
    terms_of,
)
from services.intake.publishing import PUBLICATIONS
from services.intake.rent_periods import kept
from services.intake.suspensions import Suspensions


class Intake(Service):
    name = "intake"
    publications = PUBLICATIONS
    folds = (new_tenants_to_welcome.fold, vacant_dwellings.fold)

    @cached_property
    def suspensions(self) -> Suspensions:
        return Suspensions(self)

    def register_dwelling(
        self, caller: Caller, reference: str, on: date, bedrooms: int | None = None
    ) -> Receipt:
        """Records: Dwelling.Registered; nothing when the dwelling is known."""

        def decide(act: Act) -> UUID:
            slug = self.company.slug
            known = act.find(Dwelling, Dwelling.id_of(slug, reference))
            return act.save(known or Dwelling.register(slug, reference, on, bedrooms))

        return self.perform(caller, decide)

    def sign_lease(
        self,
        caller: Caller,
        reference: str,
        dwelling_reference: str,
        start_on: date,
        rent_cents: int,
        charges_cents: int,
        persons: list[Person],
        payment_reference: str | None = None,
        rent_period: RentPeriod | None = None,
    ) -> Receipt:
        """Records: Lease.Signed, Dwelling.Let.

        Refuses: LeaseAlreadySigned, DwellingAlreadyLet (409), UnknownDwelling (404).
        """
        household_id = natural_id(self.company.slug, "household", reference)
        terms = terms_of(
            self.company.slug,
            reference,
            household_id,
            dwelling_reference,
            start_on,
            rent_cents,
            charges_cents,
            sealed(self.keyring, self.company, household_id, persons),
            payment_reference,
            rent_period,
        )

        def decide(act: Act) -> UUID:
            return sign(act, self.company.slug, terms)

        return self.perform(caller, decide)

    def hold_welcome_meeting(
        self, caller: Caller, lease_id: UUID, held_on: date, mode: WelcomeMode
    ) -> Receipt:
        """Records: Lease.TenantWelcomed.   Refuses: see `Lease.hold_welcome_meeting`."""

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            lease.hold_welcome_meeting(held_on, mode, act.today)
            return act.save(lease)

        return self.perform(caller, decide)

    def correct_welcome(
        self, caller: Caller, lease_id: UUID, held_on: date, mode: WelcomeMode
    ) -> Receipt:
        """Records: Lease.WelcomeCorrected.   Refuses: TenantNotWelcomedYet (409)."""

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            lease.correct_welcome(held_on, mode, act.today)
            return act.save(lease)

        return self.perform(caller, decide)

    def withdraw_welcome(self, caller: Caller, lease_id: UUID) -> Receipt:
        """Records: Lease.WelcomeWithdrawn.   Refuses: TenantNotWelcomedYet (409)."""

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            lease.withdraw_welcome()
            return act.save(lease)

        return self.perform(caller, decide)

    def end_lease(
        self, caller: Caller, lease_id: UUID, ended_on: date, reason: EndReason
    ) -> Receipt:
        """Records: Lease.Ended, Dwelling.Vacated.   Refuses: see `Lease.end`."""

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            end(act, lease, ended_on, reason)
            return lease.id

        return self.perform(caller, decide)

    def withdraw_end(self, caller: Caller, lease_id: UUID) -> Receipt:
        """The lease goes on.   Records: Lease.EndWithdrawn, Dwelling.Let.

        Refuses: DwellingAlreadyLet (409) when someone else lives there now, HouseholdHasMoved (409)
        when another lease follows this one.
        """

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            refuse_if_moved(act, lease)
            lease.withdraw_end()
            dwelling = act.load(Dwelling, lease.terms.dwelling_id)
            dwelling.let(lease.id, lease.terms.start_on)
            act.save(lease)
            act.save(dwelling)
            return lease.id

        return self.perform(caller, decide)

    def correct_lease(
        self,
        caller: Caller,
        lease_id: UUID,
        start_on: date,
        rent_cents: int,
        charges_cents: int,
        dwelling_reference: str,
        rent_period: RentPeriod | None = None,
    ) -> Receipt:
        """Replace wrong terms; a `rent_period` that is not told stays as it was.

        Records: Lease.SigningCorrected, and the dwellings' facts.
        Refuses: LeaseWasWithdrawn, DwellingAlreadyLet (409), UnknownDwelling (404).
        """

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            correct(
                act,
                self.company.slug,
                lease,
                start_on=start_on,
                rent_cents=rent_cents,
                charges_cents=charges_cents,
                dwelling_reference=dwelling_reference,
                rent_period=kept(rent_period or lease.terms.rent_period),
            )
            return lease.id

        return self.perform(caller, decide)

    def correct_leaseholders(
        self, caller: Caller, lease_id: UUID, persons: list[Person | None]
    ) -> Receipt:
        """Replace wrong names or contacts.   Records: Lease.SigningCorrected.

        `persons`: see `leaseholders.corrected`.
        Refuses: LeaseWasWithdrawn, PersonErased (409), StaleEdit (412), Malformed (422).
        """
        with self.datastore.reading() as rows:
            row = new_tenants_to_welcome.select_lease(rows, lease_id)
        before = row["leaseholders"] if row else []
        after = corrected(self.keyring, self.company, before, persons)

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            if lease.terms.leaseholders != before:
                raise StaleEdit("Les locataires viennent d'être corrigés : relisez-les d'abord.")
            lease.correct(act.today, leaseholders=after)
            return act.save(lease)

        return self.perform(caller, decide)

    def withdraw_lease(self, caller: Caller, lease_id: UUID) -> Receipt:
        """The lease was entered by mistake.   Records: Lease.SigningWithdrawn and the letting's."""

        def decide(act: Act) -> UUID:
            lease = act.load(Lease, lease_id)
            lease.refuse_if_stale(caller.expected_version)
            lease.withdraw()
            act.save(lease)
            dwelling = act.load(Dwelling, lease.terms.dwelling_id)
            dwelling.withdraw_letting(lease.id, lease.terms.start_on)
            act.save(dwelling)
            return lease.id

        return self.perform(caller, decide)

    def transfer_household(
        self,
        caller: Caller,
        lease_id: UUID,
        new_reference: str,
        dwelling_reference: str,
        start_on: date,
        rent_cents: int,
        charges_cents: int,
        address: str = "",
        rent_period: RentPeriod | None = None,
    ) -> Receipt:
        """Move a household to another dwelling: the old lease ends the day before the new starts,
        whose `rent_period` is the same unless told.

        Records: Lease.Ended, Dwelling.Vacated, Lease.Signed, Dwelling.Let, Lease.TransferCompleted.
        Refuses: LeaseHasEnded, LeaseAlreadySigned, DwellingAlreadyLet (409), UnknownDwelling (404),
        SameDwelling (422).
        """

        def decide(act: Act) -> UUID:
            old = act.load(Lease, lease_id)
            old.refuse_if_stale(caller.expected_version)
            leave(act, old, dwelling_reference, start_on)
            terms = terms_of(
                self.company.slug,
                new_reference,
                old.terms.household_id,
                dwelling_reference,
                start_on,
                rent_cents,
                charges_cents,
                moved(self.keyring, self.company, old.terms.leaseholders, address),
                rent_period=rent_period or old.terms.rent_period,
                transfer_of=old.id,
            )
            return follow(act, self.company.slug, terms)

        return self.perform(caller, decide)

    def import_dwellings(self, act: Act, lines: list[dict[str, Any]]) -> int:
        """Register the dwellings that are not known yet, some out of letting; how many."""
        slug = self.company.slug
        known = act.find_all(Dwelling, [Dwelling.id_of(slug, x["reference"]) for x in lines])
        new = 0
        for line in lines:
            if Dwelling.id_of(slug, line["reference"]) not in known:
                on = line["registered_on"] or act.today
                dwelling = Dwelling.register(slug, line["reference"], on, line["bedrooms"])
                if line["unlettable_from"]:
                    dwelling.suspend_letting(
                        line["unlettable_from"], line["unlettable_reason"], act.today
                    )
                act.save(dwelling)
                new += 1
        return new

    def import_leases(self, act: Act, lines: list[dict[str, Any]]) -> int:
        """Take over leases in force, as they are; those known already are left alone."""
        slug = self.company.slug
        ids = [Lease.id_of(slug, line["reference"]) for line in lines]
        known = act.find_all(Lease, ids)
        act.find_all(Dwelling, [Dwelling.id_of(slug, line["dwelling"]) for line in lines])
        new = [line for line, lease_id in zip(lines, ids, strict=True) if lease_id not in known]
        for line in new:
            sign(act, slug, line["terms"])
        return len(new)

    def tick(self) -> None:
        self.perform(Caller(actor="timer:intake"), close_days)
