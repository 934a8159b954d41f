"""A contract as somebody writes it, YAML or JSON; every fault names its line.

One objective a figure; `by_year` has the bounds of each year. See `contract-example.yaml`.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.forms import PlainText
from services.chassis.written import STRICT, DocumentRefused, Fault, Written
from services.reporting.indicators.register import indicators
from services.reporting.objectives.bounds import beyond, read_bound
from services.reporting.objectives.objectives_contract import YEARS
from services.reporting.objectives.targets import misplaced

COMMENT_MAX = 500
WITH_A_POINT = "Écrivez les décimales avec un point (8.5), ou le nombre entre guillemets."
Year = Annotated[int, Field(strict=True, ge=1990, le=2095)]
YearKey = Annotated[Year, BeforeValidator(lambda key: int(key) if _is_year(key) else key)]
Bound = Annotated[str, BeforeValidator(read_bound)]
Words = Annotated[PlainText, Field(max_length=COMMENT_MAX)]


def _is_year(key: object) -> bool:
    """A year as JSON has to write it where it is a name."""
    return isinstance(key, str) and len(key) == 4 and key.isascii() and key.isdigit()


class YearTarget(BaseModel):
    """What one year aims at: a least, a most, or both; a decimal with at most two places."""

    model_config = STRICT
    at_least: Bound | None = None
    at_most: Bound | None = None

    @model_validator(mode="before")
    @classmethod
    def refuse_comma(cls, given: object) -> object:
        """Between braces YAML ends a value at its comma: « {at_most: 8,5} » says two things."""
        if isinstance(given, dict) and any(isinstance(key, int) for key in given):
            raise ValueError(WITH_A_POINT)
        return given


class WrittenObjective(BaseModel):
    """One figure that is aimed at."""

    model_config = STRICT
    theme: ObjectiveTheme
    indicator: str
    direction: TargetDirection
    baseline: Bound | None = None
    comment: Words | None = None
    by_year: Annotated[dict[YearKey, YearTarget], Field(min_length=1, max_length=YEARS)]

    @property
    def targets(self) -> list[dict[str, Any]]:
        return [
            {"year": year, **bounds.model_dump(exclude_none=True)}
            for year, bounds in sorted(self.by_year.items())
        ]


class WrittenContract(BaseModel):
    """A whole contract."""

    model_config = STRICT
    contract: Year
    """Its first year."""
    baseline_year: Year
    objectives: Annotated[tuple[WrittenObjective, ...], Field(min_length=1, max_length=99)]


def read_contract(written: Written) -> WrittenContract:
    """Errors: DocumentRefused, also for what only the whole contract shows."""
    contract = written.read(WrittenContract)
    faults = [*_faults(contract, written)]
    if faults:
        raise DocumentRefused(written.name, faults)
    return contract


def _faults(contract: WrittenContract, written: Written) -> Iterator[Fault]:
    years = range(contract.contract, contract.contract + YEARS)
    if contract.baseline_year >= contract.contract:
        reason = "L'état des lieux est d'une année d'avant le contrat."
        yield written.fault(["baseline_year"], reason)
    seen: set[str] = set()
    for number, objective in enumerate(contract.objectives):
        place: list[str | int] = ["objectives", number]
        if objective.indicator not in indicators():
            known = ", ".join(indicators())
            reason = f"{objective.indicator} n'est pas un indicateur. Connus\u00a0: {known}."
            yield written.fault([*place, "indicator"], reason)
        if objective.indicator in seen:
            reason = f"{objective.indicator} est déjà un objectif\u00a0: un seul par indicateur."
            yield written.fault([*place, "indicator"], reason)
        seen.add(objective.indicator)
        chosen = indicators().get(objective.indicator)
        wrong = misplaced(objective.targets, objective.direction, years)
        if chosen:
            wrong += beyond(objective.targets, chosen, objective.baseline)
        for field, reason in wrong:
            year = field.removeprefix("at_")
            within: list[str | int] = ["by_year", int(year)] if year.isdigit() else ["by_year"]
            where = ["baseline"] if field == "baseline" else within
            yield written.fault([*place, *where], reason)
