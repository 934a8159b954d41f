"""The objectives contract of a company: five years of targets, amended openly, evaluated yearly."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import NotFound, Refusal
from services.reporting.objectives.targets import (
    Agreement,
    NothingToAmend,
    TargetOfPastYear,
    misplaced,
    refuse_wrong,
)

YEARS = 5
"""A contract runs five years: baseline, objectives, yearly evaluation (SWL, since 2005)."""


class UnknownContract(NotFound):
    slug = "unknown-contract"
    title = "Contrat d'objectifs inconnu"


class UnknownObjective(NotFound):
    slug = "unknown-objective"
    title = "Objectif inconnu"


class ContractYearsOverlap(Refusal):
    slug = "contract-years-overlap"
    title = "Années déjà sous contrat"


class ObjectiveAlreadyAgreed(Refusal):
    slug = "objective-already-agreed"
    title = "Objectif déjà convenu"


class StaysAgreed(Refusal):
    slug = "stays-agreed"
    title = "Reste au contrat"


class YearNotUnderContract(Refusal):
    slug = "year-not-under-contract"
    title = "Année hors du contrat"

    @classmethod
    def of(cls, years: range, year: int) -> Self:
        return cls(f"Ce contrat court de {years[0]} à {years[-1]}\u00a0: {year} n'en est pas.")


class ObjectivesContract(Aggregate):
    """One a company and first year; of those after one that was withdrawn, a number tells more.
    `objectives`: by indicator, `direction` and `targets` as they stand, each target by its year,
    and the event that agreed it; what stood before is in the events.
    """

    TOPIC = "reporting.objectives-contract"
    first_year: int
    baseline_year: int
    adopted_on: date
    withdrawn: bool
    objectives: dict[str, dict[str, Any]]

    @staticmethod
    def id_of(company: str, first_year: int, number: int = 1) -> UUID:
        key = str(first_year) if number == 1 else f"{first_year}/{number}"
        return natural_id(company, "objectives-contract", key)

    @property
    def years(self) -> range:
        return range(self.first_year, self.first_year + YEARS)

    class Adopted(Opening):
        """The years it runs. `baseline_year`: the year of the *état des lieux*."""

        TOPIC = "reporting.contract-adopted"
        first_year: int
        last_year: int
        baseline_year: int

        def apply(self, adopted: "ObjectivesContract") -> None:
            adopted.first_year, adopted.objectives = self.first_year, {}
            adopted.baseline_year, adopted.adopted_on = self.baseline_year, self.occurred_on
            adopted.withdrawn = False

    class AdoptionWithdrawn(Event):
        TOPIC = "reporting.contract-adoption-withdrawn"
        corrects_version: int
        first_year: int
        last_year: int
        baseline_year: int

        def apply(self, withdrawn: "ObjectivesContract") -> None:
            withdrawn.withdrawn = True

    def withdraw(self, today: date) -> None:
        """The contract was entered by mistake and never was, nor its objectives.

        Records: AgreementWithdrawn of each objective, AdoptionWithdrawn.
        Refuses: StaysAgreed (409).
        """
        self._refuse_if_it_stays(f"Le contrat de {self.first_year}", self.adopted_on, today)
        for indicator in sorted(self.objectives):
            self.withdraw_objective(indicator, today)
        self.trigger_event(
            self.AdoptionWithdrawn,
            corrects_version=1,
            first_year=self.first_year,
            last_year=self.years[-1],
            baseline_year=self.baseline_year,
            occurred_on=self.adopted_on,
        )

    class ObjectiveAgreed(Agreement):
        TOPIC = "reporting.objective-agreed"

        def apply(self, agreed: "ObjectivesContract") -> None:
            agreed.objectives[self.indicator] = {
                "direction": self.direction,
                "definition_version": self.definition_version,
                "targets": {target["year"]: target for target in self.targets},
                "agreed": self,
                "evaluated": False,
            }

    class AgreementWithdrawn(Agreement):
        TOPIC = "reporting.objective-agreement-withdrawn"
        corrects_version: int

        def apply(self, withdrawn: "ObjectivesContract") -> None:
            del withdrawn.objectives[self.indicator]

    def withdraw_objective(self, indicator: str, today: date) -> None:
        """The objective was entered by mistake and never was.

        Records: AgreementWithdrawn.   Refuses: UnknownObjective (404), StaysAgreed (409).
        """
        objective = self.objective(indicator)
        agreed: ObjectivesContract.ObjectiveAgreed = objective["agreed"]
        self._refuse_if_it_stays(indicator, agreed.occurred_on, today)
        if objective["evaluated"]:
            raise StaysAgreed(f"{indicator} a été évalué\u00a0: il reste au contrat.")
        said = {name: getattr(agreed, name) for name in Agreement.__annotations__}
        self.trigger_event(
            self.AgreementWithdrawn,
            corrects_version=agreed.originator_version,
            occurred_on=agreed.occurred_on,
            **said,
        )

    def _refuse_if_it_stays(self, what: str, since: date, today: date) -> None:
        """What a year that is over was held against stays."""
        if since.year != today.year:
            raise StaysAgreed(
                f"{what} est noté depuis {since.year}\u00a0: ce qui a valu une année entière "
                "reste. Modifiez plutôt les cibles."
            )

    def agree(
        self,
        theme: ObjectiveTheme,
        indicator: str,
        definition_version: int,
        direction: TargetDirection,
        baseline: str | None,
        targets: list[dict[str, Any]],
        comment_digest: str | None,
        **when: Any,
    ) -> None:
        """Set one figure as an objective, with a target for each year from one year on.

        Units:   `baseline`, and `at_least` and `at_most` of a target: decimals as text, in the
                 figure's unit.
        Records: ObjectiveAgreed.   Refuses: ObjectiveAlreadyAgreed (409), TargetsMisplaced (422).
        """
        if indicator in self.objectives:
            raise ObjectiveAlreadyAgreed(
                f"{indicator} est déjà un objectif de ce contrat : modifiez ses cibles."
            )
        refuse_wrong(misplaced(targets, direction, self.years))
        self.trigger_event(
            self.ObjectiveAgreed,
            first_year=self.first_year,
            theme=theme,
            indicator=indicator,
            definition_version=definition_version,
            direction=direction,
            baseline=baseline,
            targets=targets,
            comment_digest=comment_digest,
            **when,
        )

    class ObjectiveAmended(Event):
        """Other targets from a year on; those before stay as they were."""

        TOPIC = "reporting.objective-amended"
        first_year: int
        indicator: str
        definition_version: int
        direction: TargetDirection
        from_year: int
        targets: list[dict[str, Any]]
        reason_digest: str

        def apply(self, amended: "ObjectivesContract") -> None:
            objective = amended.objectives[self.indicator]
            objective |= {
                "direction": self.direction,
                "definition_version": self.definition_version,
            }
            objective["targets"] |= {target["year"]: target for target in self.targets}

    def amend(
        self,
        indicator: str,
        definition_version: int,
        direction: TargetDirection,
        targets: list[dict[str, Any]],
        reason_digest: str,
        this_year: int,
        **when: Any,
    ) -> None:
        """Other targets from the first of their years on, for a written reason.

        Records: ObjectiveAmended.
        Refuses: UnknownObjective (404), TargetsMisplaced (422), TargetOfPastYear,
        NothingToAmend (409).
        """
        objective = self.objective(indicator)
        refuse_wrong(misplaced(targets, direction, self.years))
        if targets[0]["year"] < this_year:
            raise TargetOfPastYear(
                f"La cible de {targets[0]['year']} ne se modifie plus : l'année est passée."
            )
        before = [objective["targets"].get(target["year"]) for target in targets]
        same = objective["direction"] == direction and before == targets
        if same and objective["definition_version"] == definition_version:
            raise NothingToAmend(f"Ces cibles de {indicator} sont déjà celles du contrat.")
        self.trigger_event(
            self.ObjectiveAmended,
            first_year=self.first_year,
            indicator=indicator,
            definition_version=definition_version,
            direction=direction,
            from_year=targets[0]["year"],
            targets=targets,
            reason_digest=reason_digest,
            **when,
        )

    class YearEvaluated(Event):
        """What was written of an objective and a year; a later one is read instead of it."""

        TOPIC = "reporting.objective-evaluated"
        first_year: int
        indicator: str
        year: int
        comment_digest: str

        def apply(self, evaluated: "ObjectivesContract") -> None:
            evaluated.objectives[self.indicator]["evaluated"] = True

    def evaluate(self, indicator: str, year: int, comment_digest: str, **when: Any) -> None:
        """Write what is to be said of an objective in a year of the contract.

        Records: YearEvaluated.   Refuses: UnknownObjective (404), YearNotUnderContract (409).
        """
        self.objective(indicator)
        if year not in self.years:
            raise YearNotUnderContract.of(self.years, year)
        self.trigger_event(
            self.YearEvaluated,
            first_year=self.first_year,
            indicator=indicator,
            year=year,
            comment_digest=comment_digest,
            **when,
        )

    def objective(self, indicator: str) -> dict[str, Any]:
        """Errors: UnknownObjective."""
        if indicator not in self.objectives:
            raise UnknownObjective(f"{indicator} n'est pas un objectif de ce contrat.")
        return self.objectives[indicator]
