"""The objectives contract of a company: five years of targets, amended openly, evaluated yearly."""

from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.aggregate import Aggregate, Event, Opening, natural_id
from services.chassis.refusal import Malformed, NotFound, Refusal

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


class TargetsMisplaced(Malformed):
    slug = "targets-misplaced"
    title = "Cibles à corriger"


class TargetOfPastYear(Refusal):
    slug = "target-of-past-year"
    title = "Année déjà passée"


class NothingToAmend(Refusal):
    slug = "nothing-to-amend"
    title = "Rien à modifier"


class YearNotUnderContract(Refusal):
    slug = "year-not-under-contract"
    title = "Année hors du contrat"

    @classmethod
    def of(cls, years: range, year: int) -> Self:
        return cls(f"Ce contrat court de {years[0]} à {years[-1]}\u00a0: {year} n'en est pas.")


class ObjectivesContract(Aggregate):
    """One a company and first year. `objectives`: by indicator, `direction` and `targets` as they
    stand, each target by its year; what stood before is in the events.
    """

    TOPIC = "reporting.objectives-contract"
    first_year: int
    objectives: dict[str, dict[str, Any]]

    @staticmethod
    def id_of(company: str, first_year: int) -> UUID:
        return natural_id(company, "objectives-contract", str(first_year))

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

    class ObjectiveAgreed(Event):
        """The fields: see `contracts.objectives.ObjectiveAgreed`."""

        TOPIC = "reporting.objective-agreed"
        first_year: int
        theme: ObjectiveTheme
        indicator: str
        definition_version: int
        direction: TargetDirection
        baseline: str | None
        targets: list[dict[str, Any]]
        comment_digest: str | None

        def apply(self, agreed: "ObjectivesContract") -> None:
            agreed.objectives[self.indicator] = {
                "direction": self.direction,
                "definition_version": self.definition_version,
                "targets": {target["year"]: target for target in self.targets},
            }

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
        self._refuse_misplaced(targets, direction)
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
        self._refuse_misplaced(targets, direction)
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
            """Nothing that later acts would ask about."""

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

    def _refuse_misplaced(self, targets: list[dict[str, Any]], direction: TargetDirection) -> None:
        wrong = misplaced(targets, direction, self.years)
        if wrong:
            told = [{"field": field, "reason": reason} for field, reason in wrong]
            raise TargetsMisplaced(wrong[0][1], told)


def misplaced(
    targets: list[dict[str, Any]], direction: TargetDirection, years: range
) -> list[tuple[str, str]]:
    """What is wrong with targets: (field, sentence) of each; they run unbroken to the last year."""
    first = targets[0]["year"] if targets else years[0]
    wanted = [year for year in years if year >= first]
    if first not in years or [target["year"] for target in targets] != wanted:
        return [
            (
                "targets",
                f"Donnez une cible pour chaque année, sans trou, jusqu'à {years[-1]} comprise.",
            )
        ]
    wrong: list[tuple[str, str]] = []
    asked = {
        TargetDirection.AT_LEAST: (True, False),
        TargetDirection.AT_MOST: (False, True),
        TargetDirection.BETWEEN: (True, True),
    }[direction]
    for target in targets:
        low, high, field = target.get("at_least"), target.get("at_most"), f"at_{target['year']}"
        if (low is not None, high is not None) != asked:
            wrong.append((field, f"Cible de {target['year']} : {BOUNDS[direction]}."))
        elif low is not None and high is not None and Decimal(low) > Decimal(high):
            wrong.append((field, f"Cible de {target['year']} : le minimum dépasse le maximum."))
    return wrong


BOUNDS = {
    TargetDirection.AT_LEAST: "donnez un minimum, et rien d'autre",
    TargetDirection.AT_MOST: "donnez un maximum, et rien d'autre",
    TargetDirection.BETWEEN: "donnez un minimum et un maximum",
}
