"""A dwelling of the company: let under one lease at a time, or vacant."""

from datetime import date
from uuid import UUID

from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import Refusal


class DwellingAlreadyLet(Refusal):
    slug = "dwelling-already-let"
    title = "Logement déjà loué"


class Dwelling(Aggregate):
    """See the module. `let_under` is the lease it is let under, None when vacant."""

    TOPIC = "intake.dwelling"
    reference: str
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
        """Records: Let.   Refuses: DwellingAlreadyLet (409). Repeating it records nothing."""
        if self.let_under == lease_id:
            return
        if self.let_under is not None:
            raise DwellingAlreadyLet(
                f"Le logement {self.reference} est déjà loué. Mettez d'abord fin au bail en cours, "
                "ou vérifiez le numéro du logement.",
                dwelling=self.reference,
            )
        self.trigger_event(self.Let, lease_id=lease_id, let_from=let_from, occurred_on=let_from)

    class Vacated(Event):
        TOPIC = "intake.dwelling-vacated"
        lease_id: UUID
        vacant_from: date

        def apply(self, dwelling: "Dwelling") -> None:
            dwelling.let_under = None

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
