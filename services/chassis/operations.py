"""What operators, auditors and the player of a demonstration ask of any service, over HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from contracts.envelope import FACT_ID
from services.chassis.facts import read_facts, read_head
from services.chassis.forms import PlainText
from services.chassis.host import Host
from services.chassis.parking import decide_parked
from services.chassis.refusal import Malformed, NotFound, Refusal

FIRST_MOMENT, LAST_MOMENT = datetime(1900, 1, 2, tzinfo=UTC), datetime(2199, 12, 30, tzinfo=UTC)
Position = Annotated[int, Field(ge=0, le=2**62)]
SELECT_PARKED = """
SELECT publisher, position, reason, since, behind FROM parked WHERE state = 'parked'
ORDER BY publisher, position
"""


class ParkedDecision(BaseModel):
    """Why an operator retries or releases a parked fact; kept with the decision."""

    because: Annotated[PlainText, Field(max_length=500)]


class ClockSetting(BaseModel):
    """Where a demonstration's clock stands; `running` lets it go on from there."""

    shown_at: Annotated[AwareDatetime, Field(ge=FIRST_MOMENT, le=LAST_MOMENT)]
    running: bool = False


def status_of(host: Host) -> list[dict[str, Any]]:
    """The `companies` of one service, as `referent status` contracts it."""
    return [_company_status(host, company.slug) for company in host.register]


def _company_status(host: Host, slug: str) -> dict[str, Any]:
    service = host.service(slug)
    head = read_head(service.datastore)
    try:
        consumed, parked = consumed_by(host, slug), parked_of(host, slug)
    except Refusal:  # it moves, or its views are being replaced: it is told with what is known
        consumed, parked = {}, []
    parts: tuple[Any, ...] = (host, host.relay, host.inbox)
    return {
        "company": slug,
        "facts": head["position"],
        "relayed": head["relayed"],
        "diverged": head["diverged"],
        "owned": slug in host.owned(),
        "failing": next((p.failing[slug] for p in parts if slug in p.failing), None),
        "consumed": consumed,
        # What is held is told by `consumed`; what waits behind a parked fact is not counted.
        "parked": len([row for row in parked if row["since"] is not None]),
    }


def consumed_by(host: Host, slug: str) -> dict[str, dict[str, Any]]:
    """How far each publisher was read: `position`, `lag` (facts on the topic not taken), `held`."""
    service = host.service(slug)
    answer = {}
    for publisher in host.consumed(slug):
        standing = host.receiver(service).standing(publisher)
        end = host.inbox.highest(slug, publisher)
        answer[publisher] = {
            "position": standing.last.position,
            "lag": max(0, end - standing.last.position),
            "held": standing.held,
            "passed_over": standing.passed_over,
        }
    return answer


def parked_of(host: Host, slug: str) -> list[dict[str, Any]]:
    """Parked facts of a company with those behind each, as `referent parked list` contracts it."""
    service, name = host.service(slug), host.settings.service
    with service.datastore.reading() as rows:
        found = rows.execute(SELECT_PARKED).fetchall()
    parked: dict[str, dict[str, Any]] = {}
    for row in found:
        fact, since = f"{slug}/{row['publisher']}/{row['position']}", row["since"].isoformat()
        if row["behind"] is None:
            parked[fact] = _parked(name, fact, row["reason"], since)
        elif (cause := f"{slug}/{row['publisher']}/{row['behind']}") in parked:
            parked[cause]["behind"].append(fact)
    receiver = host.receiver(service)
    standings = (receiver.standing(publisher) for publisher in host.consumed(slug))
    held = [_parked(name, s.held_fact, s.held, None) for s in standings if s.held_fact]
    return [*parked.values(), *held]


def _parked(service: str, fact: str, reason: str | None, since: str | None) -> dict[str, Any]:
    return {"service": service, "fact": fact, "reason": reason, "since": since, "behind": []}


def decide(host: Host, slug: str, caller: Any, fact: str, because: str, *, release: bool) -> None:
    """Retry or release one parked fact. Errors: NotFound, and why it is still refused."""
    service = host.service(slug)
    of_company, publisher = [*fact.split("/"), ""][:2]
    if not FACT_ID.fullmatch(fact) or of_company != slug or publisher not in host.consumes:
        raise NotFound(f"« {fact} » n'est pas l'identifiant d'un fait que ce service entend.")
    if hasattr(service, "decide_parked"):
        service.decide_parked(caller, fact, because, release=release)
    else:
        decide_parked(service, fact, caller, because, release=release)
    host.inbox.decided(slug)


def stream_facts(host: Host, slug: str, first: int, last: int | None) -> StreamingResponse:
    """The facts of a company as recorded, one JSON document a line."""
    datastore = host.service(slug).datastore

    def lines() -> Iterator[bytes]:
        for content in read_facts(datastore, first, last):
            yield content + b"\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")


def set_clock(
    host: Host, slug: str, setting: ClockSetting, heard: dict[str, int], timeout_s: float
) -> dict[str, Any]:
    """Move a demonstration's clock forward, once it has heard what it is to have heard before,
    and do what its passing makes the service do. Answers as `wait_settled`, of before the move.

    Errors: NotFound for a company that is no demonstration; Malformed when it would go back.
    """
    company, service = host.company(slug), host.service(slug)
    if not company.demonstration:
        raise NotFound("Cette société n'est pas une démonstration : son horloge est la vraie.")
    answer = wait_settled(host, slug, heard, timeout_s)
    if not answer["settled"]:
        return answer
    with service.datastore.act() as connection:
        moved = connection.execute(
            "INSERT INTO clock VALUES (true, %s, clock_timestamp(), %s)"
            " ON CONFLICT (one) DO UPDATE SET shown_at = excluded.shown_at,"
            " set_at = excluded.set_at, running = excluded.running"
            " WHERE clock.shown_at <= excluded.shown_at RETURNING 1",
            (setting.shown_at, setting.running),
        ).fetchall()
    if not moved:
        raise Malformed("L'horloge d'une démonstration ne recule pas.")
    service.tick()
    return answer


def wait_settled(host: Host, slug: str, heard: dict[str, int], timeout_s: float) -> dict[str, Any]:
    """Wait until this service has consumed publishers up to `heard`; where its log stands."""
    receiver = host.receiver(host.service(slug))
    answer: dict[str, Any] = {"settled": False}

    def done() -> bool:
        position, consumed = receiver.stands()
        settled = all(consumed.get(name, until) >= until for name, until in heard.items())
        answer.update(settled=settled, position=position, consumed=consumed)
        return settled

    host.wait_until(done, timeout_s)
    return answer
