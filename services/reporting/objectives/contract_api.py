"""The JSON routes of objectives contracts: where each stands, the acts on it."""

from typing import Annotated, Any

from fastapi import Path, Response
from pydantic import BaseModel, BeforeValidator, Field

from contracts.objectives import ObjectiveTheme, TargetDirection
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import PlainText
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.reporting.api import READERS, IndicatorId
from services.reporting.indicators.register import UnknownIndicator
from services.reporting.objectives.bounds import read_bound
from services.reporting.objectives.contract_document import COMMENT_MAX
from services.reporting.objectives.contract_told import told_contract, told_standing
from services.reporting.objectives.contracts import Agreeing, ContractNotPossible
from services.reporting.objectives.objectives_contract import (
    ContractYearsOverlap,
    ObjectiveAlreadyAgreed,
    StaysAgreed,
    UnknownContract,
    UnknownObjective,
    YearNotUnderContract,
)
from services.reporting.objectives.standing import contract_standing
from services.reporting.objectives.targets import (
    NothingToAmend,
    TargetOfPastYear,
    TargetsMisplaced,
)
from services.reporting.return_api import SIGNERS

DOCUMENT_MAX = 100_000
FirstYear = Annotated[int, Path(ge=1990, le=2095)]
Bound = Annotated[str, BeforeValidator(read_bound), Field(json_schema_extra={"examples": ["7.50"]})]
Words = Annotated[PlainText, Field(max_length=COMMENT_MAX)]
CONTRACT = "/api/{company}/contracts/{first_year}"
OBJECTIVE = f"{CONTRACT}/objectives/{{indicator}}"
ROUTES = Routes()


class TargetBody(BaseModel):
    """What one year aims at: a least, a most, or both."""

    year: Annotated[int, Field(ge=1990, le=2100)]
    at_least: Bound | None = None
    at_most: Bound | None = None


class DocumentBody(BaseModel):
    """`document`: the contract as YAML or JSON text."""

    document: Annotated[str, Field(max_length=DOCUMENT_MAX)]


class AgreeBody(BaseModel):
    """`targets`: one a year, unbroken, to the last year of the contract."""

    theme: ObjectiveTheme
    indicator: Annotated[str, Field(pattern=r"^I[0-9]{2}[A-Z]?$")]
    direction: TargetDirection
    baseline: Bound | None = None
    targets: Annotated[list[TargetBody], Field(min_length=1, max_length=5)]
    comment: Words | None = None


class AmendBody(BaseModel):
    """`targets`: from the first year that they are for; `reason`: why."""

    direction: TargetDirection
    targets: Annotated[list[TargetBody], Field(min_length=1, max_length=5)]
    reason: Words


class EvaluateBody(BaseModel):
    """What is to be said of the year."""

    year: Annotated[int, Field(ge=1990, le=2100)]
    comment: Words


@ROUTES.api("GET", "/api/{company}/contracts", roles=READERS)
def contracts(asked: Asked) -> dict[str, Any]:
    """Every contract of the company, the latest first; `running`: the first year of the one that
    has begun last.
    """
    told = [told_contract(row) for row in asked.service.contracts.all()]
    begun = [one["first_year"] for one in told if one["first_year"] <= asked.today.year]
    return {"contracts": told, "running": begun[0] if begun else None}


@ROUTES.api("GET", CONTRACT, roles=READERS, refusals=[UnknownContract])
def one_contract(asked: Asked, first_year: FirstYear) -> dict[str, Any]:
    """Each objective with its targets, its figures and whether they are reached."""
    return told_standing(asked.company.slug, contract_standing(asked.service, first_year))


@ROUTES.api(
    "POST",
    "/api/{company}/contracts",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[ContractNotPossible, Malformed, ContractYearsOverlap, ObjectiveAlreadyAgreed],
)
def adopt_document(asked: Asked, body: DocumentBody) -> Response:
    """Adopt a whole contract as it is written, or nothing of it."""
    return asked.receipt(asked.service.contracts.adopt_document(asked.caller(), body.document))


@ROUTES.api(
    "POST",
    f"{CONTRACT}/objectives",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[UnknownContract, UnknownIndicator, TargetsMisplaced, ObjectiveAlreadyAgreed],
)
def agree(asked: Asked, first_year: FirstYear, body: AgreeBody) -> Response:
    """Set one figure as an objective."""
    agreeing = Agreeing(
        body.theme,
        body.indicator,
        body.direction,
        body.baseline,
        _targets(body.targets),
        body.comment or "",
    )
    return asked.receipt(asked.service.contracts.agree(asked.caller(), first_year, agreeing))


@ROUTES.api(
    "POST",
    f"{OBJECTIVE}/amendment",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[
        UnknownContract,
        UnknownObjective,
        TargetsMisplaced,
        TargetOfPastYear,
        NothingToAmend,
    ],
)
def amend(asked: Asked, first_year: FirstYear, indicator: IndicatorId, body: AmendBody) -> Response:
    """Other targets from a year on; those before stay."""
    receipt = asked.service.contracts.amend(
        asked.caller(), first_year, indicator, body.direction, _targets(body.targets), body.reason
    )
    return asked.receipt(receipt)


@ROUTES.api(
    "POST",
    f"{CONTRACT}/withdrawal",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[UnknownContract, StaysAgreed],
)
def withdraw(asked: Asked, first_year: FirstYear) -> Response:
    """The contract was entered by mistake and never was, nor its objectives."""
    return asked.receipt(asked.service.contracts.withdraw(asked.caller(), first_year))


@ROUTES.api(
    "POST",
    f"{OBJECTIVE}/withdrawal",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[UnknownContract, UnknownObjective, StaysAgreed],
)
def withdraw_objective(asked: Asked, first_year: FirstYear, indicator: IndicatorId) -> Response:
    """The objective was entered by mistake and never was."""
    contracts, identity = asked.service.contracts, indicator.upper()
    return asked.receipt(contracts.withdraw_objective(asked.caller(), first_year, identity))


@ROUTES.api(
    "POST",
    f"{OBJECTIVE}/evaluation",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[UnknownContract, UnknownObjective, YearNotUnderContract, Malformed],
)
def evaluate(
    asked: Asked, first_year: FirstYear, indicator: IndicatorId, body: EvaluateBody
) -> Response:
    """Write what is to be said of an objective in a year."""
    receipt = asked.service.contracts.evaluate(
        asked.caller(), first_year, indicator, body.year, body.comment
    )
    return asked.receipt(receipt)


def _targets(given: list[TargetBody]) -> list[dict[str, Any]]:
    told = [target.model_dump(exclude_none=True) for target in given]
    return sorted(told, key=lambda target: target["year"])
