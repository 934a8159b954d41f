"""The JSON routes of yearly returns: where each stands, its signed versions, the acts on it."""

from typing import Annotated, Any

from fastapi import Path, Query, Response
from pydantic import BaseModel, Field

from services.chassis.asked import Asked, ReceiptBody
from services.chassis.forms import PlainText
from services.chassis.identity import Role
from services.chassis.operations import Position
from services.chassis.refusal import Malformed
from services.chassis.routes import Routes
from services.reporting.answers import Explanation
from services.reporting.api import READERS, IndicatorId
from services.reporting.indicators.register import UnknownIndicator
from services.reporting.return_told import told_return, told_standing, told_version
from services.reporting.shape import HEARD
from services.reporting.yearly_return import (
    FiguresHaveMoved,
    NothingToRestate,
    ReasonNeeded,
    ReturnAlreadyValidated,
    ReturnNotComplete,
    ReturnNotValidated,
    UnknownReturn,
    YearNotOver,
)

SIGNERS = {Role.MANAGER}
REASON_MAX = 500
SIGNING = (UnknownReturn, YearNotOver, ReturnNotComplete, ReasonNeeded, FiguresHaveMoved)
ReturnYear = Annotated[int, Path(ge=1990, le=2100)]
Version = Annotated[int, Path(ge=1, le=10**6)]
Reason = Annotated[PlainText, Field(max_length=REASON_MAX)]
Seen = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="`figures_digest` as shown.")]

ROUTES = Routes()


class Validation(BaseModel):
    """`reason`: why it may be signed although something is missing that will not come."""

    reason: Reason | None = None
    figures_digest: Seen | None = None


class Restatement(BaseModel):
    """`reason`: why the return is restated."""

    reason: Reason
    figures_digest: Seen | None = None


class CutOff(BaseModel):
    """The last position of each service that counts, the moment that is known, and by which
    versions of their definitions (`I20@1`) the figures are reckoned; those in force unless said.
    """

    known_on: Annotated[str, Field(max_length=40)]
    definition: Annotated[list[Annotated[str, Field(max_length=10)]], Field(max_length=50)] = []
    intake: Position
    followup: Position
    arrears: Position


@ROUTES.api("GET", "/api/{company}/returns", roles=READERS)
def returns(asked: Asked) -> dict[str, Any]:
    """Every return of the company, the latest year first."""
    return {"returns": [told_return(row) for row in asked.service.returns.all()]}


@ROUTES.api("GET", "/api/{company}/returns/{year}", roles=READERS, refusals=[UnknownReturn])
def one_return(asked: Asked, year: ReturnYear) -> dict[str, Any]:
    """Where a return stands: its versions, today's figures, what differs and why."""
    return told_standing(asked.service.returns.standing(year, asked.today))


@ROUTES.api(
    "GET",
    "/api/{company}/returns/{year}/reckoned",
    roles=READERS,
    refusals=[Malformed, UnknownIndicator],
)
def reckoned(asked: Asked, year: ReturnYear, until: Annotated[CutOff, Query()]) -> dict[str, Any]:
    """The figures of a year reckoned now from the facts up to a cut-off, as a return has them: for
    whoever holds a signed return and the log, on a machine that has signed nothing.
    """
    cutoff = until.model_dump(include=set(HEARD))
    names = until.definition
    signed = asked.service.returns.reckoned(year, until.known_on, cutoff, names)
    return {**vars(signed), "digest": signed.digest}


@ROUTES.api(
    "PUT",
    "/api/{company}/returns/{year}",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[Malformed],
)
def prepare(asked: Asked, year: ReturnYear) -> Response:
    """Prepare the return of a year: provisional until it is validated."""
    return asked.receipt(asked.service.returns.prepare(asked.caller(), year))


@ROUTES.api(
    "POST",
    "/api/{company}/returns/{year}/validation",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[*SIGNING, ReturnAlreadyValidated],
)
def validate(asked: Asked, year: ReturnYear, signed: Validation) -> Response:
    """Sign off the figures of a year as they are now."""
    receipt = asked.service.returns.validate(
        asked.caller(), year, signed.reason or "", signed.figures_digest or ""
    )
    return asked.receipt(receipt)


@ROUTES.api(
    "POST",
    "/api/{company}/returns/{year}/restatement",
    roles=SIGNERS,
    answer=ReceiptBody,
    refusals=[*SIGNING, ReturnNotValidated, NothingToRestate],
)
def restate(asked: Asked, year: ReturnYear, signed: Restatement) -> Response:
    """Sign off a new version of a return; the one before stays as it is."""
    receipt = asked.service.returns.restate(
        asked.caller(), year, signed.reason, signed.figures_digest or ""
    )
    return asked.receipt(receipt)


@ROUTES.api(
    "GET",
    "/api/{company}/returns/{year}/versions/latest",
    roles=READERS,
    refusals=[UnknownReturn],
)
def latest_version(asked: Asked, year: ReturnYear) -> dict[str, Any]:
    """The last signed version, and whether a rebuild still gives the same bytes."""
    return told_version(*asked.service.returns.version(year))


@ROUTES.api(
    "GET",
    "/api/{company}/returns/{year}/versions/{version}",
    roles=READERS,
    refusals=[UnknownReturn],
)
def one_version(asked: Asked, year: ReturnYear, version: Version) -> dict[str, Any]:
    """A signed version as it was published, and whether a rebuild still gives the same bytes."""
    return told_version(*asked.service.returns.version(year, version))


@ROUTES.api(
    "GET",
    "/api/{company}/returns/{year}/versions/{version}/figures/{indicator}",
    roles=READERS,
    refusals=[UnknownReturn, UnknownIndicator],
)
def explain_signed(
    asked: Asked, year: ReturnYear, version: Version, indicator: IndicatorId
) -> Explanation:
    """A figure of a signed version, with its parts and the facts that it was signed on."""
    signed = asked.service.returns.signed(year, version)
    told: Explanation = asked.service.explain_signed(indicator, signed)
    return told
