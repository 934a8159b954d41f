"""The JSON routes of the legal path of a household in arrears."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Body, Path, Response
from pydantic import BaseModel, Field, TypeAdapter

from contracts.legal_path import CostKind, StrikeReason, SuspensionReason
from services.arrears.api import OFFICER, READERS
from services.arrears.legal import going_to_court, mistakes
from services.arrears.legal.guidance import LegalDayNotPossible
from services.arrears.legal.legal_path import NoEvictionScheduled, NoJudgment
from services.arrears.legal.shown import before_court, path_of
from services.arrears.legal.striking_out import EntryIsRestedOn, EntryNotInPath
from services.chassis.asked import Asked, ReceiptBody
from services.chassis.caller import Receipt
from services.chassis.forms import Day
from services.chassis.refusal import NotFound
from services.chassis.routes import Routes

ROUTES = Routes()
PATH = "/api/{company}/accounts/{lease_id}/legal-path"
Amount = Annotated[int, Field(ge=0, le=10**9)]


class LegalBody(BaseModel):
    """What was decided; `act` says what it is."""

    act: str


class GuidanceBody(LegalBody):
    """What the household answered to the CPAS's budget guidance."""

    act: Literal["guidance"]
    answered_on: Day
    accepted: bool


class SafetyBody(LegalBody):
    """A danger to safety was established."""

    act: Literal["safety-exception"]
    established_on: Day


class PetitionBody(LegalBody):
    """A petition was filed; `claim_cents` is what is claimed."""

    act: Literal["petition"]
    filed_on: Day
    claim_cents: Amount


class HearingBody(LegalBody):
    """The court fixed a hearing, or moved it."""

    act: Literal["hearing"]
    hearing_on: Day


class JudgmentBody(LegalBody):
    """A judgment; `no_eviction_before` where the judge says when an eviction may be."""

    act: Literal["judgment"]
    given_on: Day
    claim_cents: Amount
    terms_granted: bool = False
    eviction_authorised: bool = False
    no_eviction_before: Day | None = None


class ServiceBody(LegalBody):
    """The bailiff served the judgment."""

    act: Literal["service"]
    served_on: Day


class EvictionBody(LegalBody):
    """The bailiff's day, and the day on which the tenant was told of it."""

    act: Literal["eviction"]
    evict_on: Day
    warned_on: Day


class SuspensionBody(LegalBody):
    """The eviction that is scheduled does not take place."""

    act: Literal["suspension"]
    reason: SuspensionReason


class ExecutionBody(LegalBody):
    """The eviction took place."""

    act: Literal["execution"]
    executed_on: Day


class CostsBody(LegalBody):
    """A cost of the legal path, which touches no rent account."""

    act: Literal["costs"]
    kind: CostKind
    cost_cents: Amount
    incurred_on: Day


class StrikeBody(BaseModel):
    """Why an entry of the legal path is struck out."""

    reason: StrikeReason


EntryNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
LegalAct = Annotated[
    GuidanceBody
    | SafetyBody
    | PetitionBody
    | HearingBody
    | JudgmentBody
    | ServiceBody
    | EvictionBody
    | SuspensionBody
    | ExecutionBody
    | CostsBody,
    Field(discriminator="act"),
]
LEGAL_ACT: TypeAdapter[LegalBody] = TypeAdapter(LegalAct)
DONE_BY: dict[str, Callable[..., Receipt]] = {
    "guidance": going_to_court.answer_guidance,
    "safety-exception": going_to_court.record_safety_exception,
    "petition": going_to_court.file_petition,
    "hearing": going_to_court.fix_hearing,
    "judgment": going_to_court.give_judgment,
    "service": going_to_court.serve_judgment,
    "eviction": going_to_court.schedule_eviction,
    "suspension": going_to_court.suspend_eviction,
    "execution": going_to_court.execute_eviction,
    "costs": going_to_court.incur_costs,
}
"""Each takes the fields of its body by their names."""


def do(asked: Asked, lease_id: UUID, body: LegalBody) -> Receipt:
    """Errors, refusals: of the act."""
    said = {name: getattr(body, name) for name in type(body).model_fields if name != "act"}
    return DONE_BY[body.act](asked.service, asked.caller(), lease_id, **said)


@ROUTES.api("GET", "/api/{company}/legal-path", roles=READERS)
def cases_before_court(asked: Asked) -> dict[str, Any]:
    """Every case that went to court and whose tenant was not evicted, the next deadline first."""
    cases = [
        {name: value for name, value in row.items() if name not in ("leaseholders", "first_on")}
        for row in before_court(asked.service)
    ]
    return {"as_of": asked.today, "cases": cases}


@ROUTES.api("GET", PATH, roles=READERS, refusals=[NotFound])
def legal_path(asked: Asked, lease_id: UUID) -> dict[str, Any]:
    """Where the legal path of a case stands, and the days that the law gives from there."""
    return path_of(asked.service, lease_id, asked.today)


@ROUTES.api(
    "POST",
    f"{PATH}/entries/{{entry}}/withdrawal",
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(NotFound, EntryNotInPath, EntryIsRestedOn),
)
def strike_out(asked: Asked, lease_id: UUID, entry: EntryNumber, body: StrikeBody) -> Response:
    """An entry was noted by mistake: the path is told again without it."""
    return asked.receipt(
        mistakes.strike_out(asked.service, asked.caller(), lease_id, entry, body.reason)
    )


@ROUTES.api(
    "POST",
    PATH,
    roles=OFFICER,
    answer=ReceiptBody,
    refusals=(
        NotFound,
        LegalDayNotPossible,
        NoJudgment,
        NoEvictionScheduled,
        going_to_court.EvictionIsBlocked,
    ),
)
def note_legal_act(asked: Asked, lease_id: UUID, body: Annotated[LegalAct, Body()]) -> Response:
    """Note what the court, the bailiff or the household decided; an eviction is judged first."""
    return asked.receipt(do(asked, lease_id, body))
