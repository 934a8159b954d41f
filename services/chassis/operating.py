"""The routes of every service for operators, auditors and the player of a demonstration."""

from typing import Annotated, Any, cast

from fastapi import Path, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from contracts.envelope import hash_of, read_envelope
from services.chassis.asked import SERVICE_NAMES, Asked, Asking
from services.chassis.facts import correcting, select_facts
from services.chassis.host import Host
from services.chassis.identity import Role
from services.chassis.keyring import PREFIX as SEALED
from services.chassis.operations import (
    ClockSetting,
    ParkedDecision,
    Position,
    decide,
    parked_of,
    set_clock,
    status_of,
    stream_facts,
    wait_settled,
)
from services.chassis.refusal import Malformed, NotFound
from services.chassis.routes import Routes

OPERATOR = {Role.OPERATOR}
AUDITOR = {Role.AUDITOR}
FACT_READERS = {Role.MANAGER, Role.AUDITOR}
FactId = Annotated[str, Query(min_length=5, max_length=80)]

OPERATING = Routes()
FACT_PAGES = Routes()
"""Of the services that record facts."""


class Heard(BaseModel):
    """How far each publisher's log is to have been consumed, and how long to wait for it."""

    intake: Position = 0
    followup: Position = 0
    arrears: Position = 0
    timeout_s: Annotated[float, Field(ge=0, le=120)] = 30.0

    @property
    def positions(self) -> dict[str, int]:
        return self.model_dump(exclude={"timeout_s"})


def _host(asked: Asking) -> Host:
    """The worker's side of the application: only services have these routes."""
    return cast("Host", asked.frame.host)


@OPERATING.api("GET", "/api/status", roles=OPERATOR)
def status(asked: Asked) -> dict[str, Any]:
    """How far every company of this service is: recorded, relayed, consumed, parked."""
    told = status_of(_host(asked))
    return {"companies": [one for one in told if asked.account.may_see(one["company"])]}


@OPERATING.api("GET", "/api/{company}/parked", roles=OPERATOR)
def parked(asked: Asked) -> dict[str, Any]:
    """Facts set aside, each with its reason and those that wait behind it."""
    return {"parked": parked_of(_host(asked), asked.company.slug)}


@OPERATING.api("POST", "/api/{company}/parked/retry", roles=OPERATOR, refusals=[NotFound])
def retry(asked: Asked, fact: FactId, decision: ParkedDecision) -> dict[str, Any]:
    """Try a parked fact again, then those behind it."""
    return _decide(asked, fact, decision, release=False)


@OPERATING.api("POST", "/api/{company}/parked/release", roles=OPERATOR, refusals=[NotFound])
def release(asked: Asked, fact: FactId, decision: ParkedDecision) -> dict[str, Any]:
    """Leave a parked fact out for good, then apply those behind it."""
    return _decide(asked, fact, decision, release=True)


def _decide(asked: Asking, fact: str, decision: ParkedDecision, *, release: bool) -> dict[str, Any]:
    host, slug = _host(asked), asked.company.slug
    decide(host, slug, asked.caller(), fact, decision.because, release=release)
    return {"parked": parked_of(host, slug)}


@OPERATING.api("GET", "/api/{company}/facts", roles=AUDITOR, streams="application/x-ndjson")
def facts(
    asked: Asked,
    first: Annotated[int, Query(alias="from", ge=1, le=2**62)] = 1,
    last: Annotated[int | None, Query(alias="to", ge=1, le=2**62)] = None,
) -> StreamingResponse:
    """The facts that this service recorded, byte for byte, one JSON document a line."""
    return stream_facts(_host(asked), asked.company.slug, first, last)


@FACT_PAGES.page("/{company}/facts/{position}", roles=FACT_READERS)
def fact(asked: Asked, position: Annotated[int, Path(ge=1, le=2**62)]) -> Response:
    """One fact as it was recorded, for whoever asks where a figure comes from."""
    datastore = asked.service.datastore
    rows = select_facts(datastore, position - 1, 2)
    if not rows or rows[0]["position"] != position:
        raise NotFound(f"Ce service n'a pas de fait n° {position} pour cette société.")
    content = bytes(rows[0]["content"])
    found = read_envelope(content)
    later = correcting(datastore, found)
    related = {
        "Corrige" if not found.withdrawn else "Retire": found.corrects,
        "Suite du fait": found.causation_id,
        **{"Retiré par" if fact.withdrawn else "Corrigé par": fact.id for fact in later},
    }
    beside = {"Fait précédent": position - 1, "Fait suivant": rows[-1]["position"]}
    return asked.render(
        "fact.html",
        fact=found,
        name=SERVICE_NAMES[asked.frame.host.settings.service],
        data=[(name, _shown(value)) for name, value in found.data.items()],
        related={
            label: asked.fact_link(identity) for label, identity in related.items() if identity
        },
        hash=hash_of(content).hex(),
        altered=hash_of(content) != bytes(rows[0]["hash"]),
        beside={words: place for words, place in beside.items() if place not in (0, position)},
    )


def _shown(value: Any) -> Any:
    """A value of a fact's data as it is; what is sealed stays so."""
    if isinstance(value, str):
        return "scellé" if value.startswith(SEALED) else value
    if isinstance(value, list):
        return [_shown(part) for part in value]
    if isinstance(value, dict):
        return {name: _shown(part) for name, part in value.items()}
    return "" if value is None else str(value)


@OPERATING.api("PUT", "/api/{company}/clock", roles=OPERATOR, refusals=[NotFound, Malformed])
def clock(asked: Asked, setting: ClockSetting, heard: Annotated[Heard, Query()]) -> dict[str, Any]:
    """Move a demonstration's clock forward, once each publisher was consumed up to a position."""
    return set_clock(_host(asked), asked.company.slug, setting, heard.positions, heard.timeout_s)


@OPERATING.api("GET", "/api/{company}/settled", roles=OPERATOR)
def settled(asked: Asked, heard: Annotated[Heard, Query()]) -> dict[str, Any]:
    """Wait until this service has consumed each publisher up to a position."""
    return wait_settled(_host(asked), asked.company.slug, heard.positions, heard.timeout_s)
