"""What is agreed of an objective, and its targets: one a year, unbroken, of one shape."""

from decimal import Decimal
from typing import Any

from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.aggregate import Event
from services.chassis.refusal import Malformed, Refusal


class TargetsMisplaced(Malformed):
    slug = "targets-misplaced"
    title = "Cibles à corriger"


class TargetOfPastYear(Refusal):
    slug = "target-of-past-year"
    title = "Année déjà passée"


class NothingToAmend(Refusal):
    slug = "nothing-to-amend"
    title = "Rien à modifier"


class Agreement(Event):
    """The fields: see `contracts.objectives.ObjectiveAgreed`."""

    first_year: int
    theme: ObjectiveTheme
    indicator: str
    definition_version: int
    direction: TargetDirection
    baseline: str | None
    targets: list[dict[str, Any]]
    comment_digest: str | None


def refuse_wrong(wrong: list[tuple[str, str]]) -> None:
    """Refuses: TargetsMisplaced (422), where anything is: (field, sentence) of each."""
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
