"""The yearly return of a company: provisional, validated, restated; what was signed never moves."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import Malformed, NotFound, Refusal


class ReturnState(StrEnum):
    PROVISIONAL = "provisional"
    VALIDATED = "validated"
    RESTATED = "restated"


class UnknownReturn(NotFound):
    slug = "unknown-return"
    title = "Déclaration inconnue"


class YearNotOver(Refusal):
    slug = "year-not-over"
    title = "Année pas encore terminée"


class ReturnNotComplete(Refusal):
    slug = "return-not-complete"
    title = "Faits incomplets"


class ReasonNeeded(Malformed):
    slug = "reason-needed"
    title = "Raison à écrire"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, [{"field": "reason", "reason": detail}])


class ReturnAlreadyValidated(Refusal):
    slug = "return-already-validated"
    title = "Déclaration déjà validée"


class ReturnNotValidated(Refusal):
    slug = "return-not-validated"
    title = "Déclaration pas encore validée"


class NothingToRestate(Refusal):
    slug = "nothing-to-restate"
    title = "Rien à rectifier"


class FiguresHaveMoved(Refusal):
    slug = "figures-have-moved"
    title = "Chiffres modifiés entre-temps"


class YearlyReturn(Aggregate):
    """One a company and year. `published`: how many versions were signed off."""

    TOPIC = "reporting.yearly-return"
    year: int
    published: int

    @staticmethod
    def id_of(company: str, year: int) -> UUID:
        return natural_id(company, "yearly-return", str(year))

    class Prepared(Opening):
        TOPIC = "reporting.return-prepared"
        year: int

        def apply(self, prepared: "YearlyReturn") -> None:
            prepared.year, prepared.published = self.year, 0

    class Validated(Event):
        """The fields of a signed version: see `contracts.reporting.PublishedReturn`."""

        TOPIC = "reporting.return-validated"
        year: int
        return_version: int
        known_on: str
        cutoff: dict[str, int]
        figures: list[dict[str, Any]]
        digest: str
        reason_digest: str | None
        despite: list[str] | None = None

        def apply(self, validated: "YearlyReturn") -> None:
            validated.published = self.return_version

    def validate(self, signed: dict[str, Any], **when: Any) -> None:
        """Sign off the first version.   Records: Validated.   Refuses: ReturnAlreadyValidated."""
        self.refuse_if_validated()
        self.trigger_event(self.Validated, year=self.year, return_version=1, **signed, **when)

    class Restated(Event):
        """A signed version, and each change to the one before, with its causes."""

        TOPIC = "reporting.return-restated"
        year: int
        return_version: int
        known_on: str
        cutoff: dict[str, int]
        figures: list[dict[str, Any]]
        digest: str
        reason_digest: str | None
        changes: list[dict[str, Any]]
        despite: list[str] | None = None

        def apply(self, restated: "YearlyReturn") -> None:
            restated.published = self.return_version

    def restate(self, signed: dict[str, Any], changes: list[dict[str, Any]], **when: Any) -> None:
        """Sign off the next version.   Records: Restated.

        Refuses: ReturnNotValidated, NothingToRestate.
        """
        self.refuse_unless_validated()
        if not changes:
            raise NothingToRestate(
                "Les chiffres d'aujourd'hui sont ceux de la déclaration : il n'y a rien à "
                "rectifier."
            )
        version = self.published + 1
        self.trigger_event(
            self.Restated,
            year=self.year,
            return_version=version,
            changes=changes,
            **signed,
            **when,
        )

    def refuse_if_validated(self) -> None:
        if self.published:
            raise ReturnAlreadyValidated(
                f"La déclaration de {self.year} est déjà validée. Si un chiffre a changé depuis, "
                "rectifiez-la."
            )

    def refuse_unless_validated(self) -> None:
        if not self.published:
            raise ReturnNotValidated(
                f"La déclaration de {self.year} est provisoire : validez-la d'abord."
            )
